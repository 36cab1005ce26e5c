# annulet_library(folder PUBLIC_HEADERS header...): the static library annulet_<folder> of all
# sources here but main.cpp; annulet::<folder> for those who link it, here or installed. The public
# headers are what is installed, and what others may rely on.
function(annulet_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" PUBLIC_HEADERS)
  set(target annulet_${folder})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(${target} STATIC ${sources})
  add_library(annulet::${folder} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${folder})
  # What only our own sources need does not reach those who link the library.
  target_link_libraries(${target} PUBLIC annulet_usage PRIVATE $<BUILD_INTERFACE:annulet_flags>)
  list(TRANSFORM arg_PUBLIC_HEADERS PREPEND "${folder}/")
  set_property(GLOBAL APPEND PROPERTY ANNULET_PUBLIC_HEADERS ${arg_PUBLIC_HEADERS})
endfunction()
