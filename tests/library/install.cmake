# Installs BUILD in one place and moves it to PREFIX: nothing in it may remember where it was, but the
# service's unit, which says so with its own path.
set(first "${PREFIX}-first")
file(REMOVE_RECURSE "${first}" "${PREFIX}")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${first}"
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

# The unit starts what is beside it; settings that are there stay through a second installation.
file(READ "${first}/lib/systemd/system/annulet.service" unit)
set(command "\"${first}/bin/annulet\" up --config \"${first}/etc/annulet/annulet.toml\"")
string(FIND "${unit}" "ExecStart=${command}\n" at)
if(at EQUAL -1)
  message(FATAL_ERROR "the unit does not say ExecStart=${command}")
endif()
file(WRITE "${first}/etc/annulet/annulet.toml" "# mine")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${first}"
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(READ "${first}/etc/annulet/annulet.toml" settings)
if(NOT settings STREQUAL "# mine")
  message(FATAL_ERROR "a second installation took annulet.toml away")
endif()

file(RENAME "${first}" "${PREFIX}")

execute_process(COMMAND "${PREFIX}/bin/annulet" version OUTPUT_VARIABLE version
                COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "installed: ${version}")
foreach(file include/annulet/runtime/wiring.hpp share/doc/annulet/LICENSE
        share/doc/annulet/examples/fashion-mnist.toml share/doc/annulet/docs/run-file.md
        share/man/man1/annulet.1.gz share/bash-completion/completions/annulet
        lib/systemd/system/annulet.service etc/annulet/annulet.toml)
  if(NOT EXISTS "${PREFIX}/${file}")
    message(FATAL_ERROR "not installed: ${file}")
  endif()
endforeach()

file(GLOB_RECURSE scripts "${PREFIX}/*.cmake")
foreach(script IN LISTS scripts)
  file(READ "${script}" text)
  string(FIND "${text}" "${BUILD}" at)
  if(NOT at EQUAL -1)
    message(FATAL_ERROR "${script} names the folder that it was built in")
  endif()
endforeach()
