# What a program for a board is held to, under that board's emulator.
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  # Run natively or through binfmt_misc they would prove less than they say: on another CPU.
  message(FATAL_ERROR "There is no emulator to run the tests of this board with: "
                      "script/bootstrap --cross installs it, -DANNULET_TESTS=OFF goes without tests.")
endif()
# (Python by its path: as a target it would be run under the emulator, too.)
set(megabytes 3)
if(ANNULET_FASTER_PROGRAM)
  set(megabytes 6)  # it is two
endif()
add_test(NAME board.alone COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/board_test.py
         $<TARGET_FILE:annulet> ${megabytes} ${CMAKE_CROSSCOMPILING_EMULATOR})
set_tests_properties(board.alone PROPERTIES SKIP_RETURN_CODE 77)
if(ANNULET_FASTER_PROGRAM)
  add_test(NAME board.cpu_choice COMMAND ${Python3_EXECUTABLE} -B
           ${CMAKE_CURRENT_SOURCE_DIR}/cpu_choice_test.py $<TARGET_FILE:annulet>
           ${CMAKE_CROSSCOMPILING_EMULATOR})
  set_tests_properties(board.cpu_choice PROPERTIES SKIP_RETURN_CODE 77)
endif()
get_property(names DIRECTORY PROPERTY TESTS)
list(FILTER names INCLUDE REGEX "^board\\.")
set_tests_properties(${names} PROPERTIES LABELS board TIMEOUT 300)
