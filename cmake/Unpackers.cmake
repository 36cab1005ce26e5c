# What unpacks data files: libraries that a program may be built without.

# annulet_find_unpacker(package option format): the package, where the option is on. A macro, so that
# its targets are there for all folders.
macro(annulet_find_unpacker package option format)
  if(${option})
    find_package(${package} QUIET)
    if(NOT ${package}_FOUND)
      message(FATAL_ERROR "${package} was not found for ${CMAKE_SYSTEM_PROCESSOR}: install it "
                          "(script/bootstrap; script/bootstrap --cross for other boards), or give "
                          "-D${option}=OFF for a program that does not read ${format}.")
    endif()
  endif()
endmacro()

# annulet_unpacker(target format option library): with/FORMAT_source.cpp, or without/, which says
# that this program cannot.
function(annulet_unpacker target format option library)
  if(${option})
    target_sources(${target} PRIVATE with/${format}_source.cpp)
    target_link_libraries(${target} PRIVATE ${library})
  else()
    target_sources(${target} PRIVATE without/${format}_source.cpp)
  endif()
endfunction()
