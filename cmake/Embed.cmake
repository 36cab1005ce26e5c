# annulet_embed(target symbol file): puts a file's bytes into a target as
#   extern "C" const char annulet_<symbol>_begin[], annulet_<symbol>_end[];
# by the assembler's .incbin: no generator program, nothing copied into the repository.
function(annulet_embed target symbol file)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/embed_${symbol}.S")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT [[
  .section .rodata.annulet_@symbol@, "a", %progbits
  .global annulet_@symbol@_begin
  .global annulet_@symbol@_end
annulet_@symbol@_begin:
  .incbin "@file@"
annulet_@symbol@_end:
  .byte 0
  .section .note.GNU-stack, "", %progbits
]])
  set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${file}")
  target_sources(${target} PRIVATE "${source}")
endfunction()

# annulet_embed_packed(target symbol files...): the same of files put together and packed with gzip.
function(annulet_embed_packed target symbol)
  find_program(ANNULET_GZIP gzip REQUIRED)
  list(TRANSFORM ARGN REPLACE "^([^/].*)$" "${CMAKE_CURRENT_SOURCE_DIR}/\\1" OUTPUT_VARIABLE files)
  set(joined "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.joined")
  add_custom_command(OUTPUT "${joined}.gz" DEPENDS ${files} VERBATIM
    COMMAND "${CMAKE_COMMAND}" -E cat ${files} > "${joined}"
    COMMAND "${ANNULET_GZIP}" -9n --force "${joined}")
  annulet_embed(${target} ${symbol} "${joined}.gz")
endfunction()
