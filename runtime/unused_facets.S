# What of libstdc++'s locales no program of ours calls: times and money as text, collation, messages,
# numbers in wide characters. Its streams make one of each facet before main(), and a static program
# would hold the 280 kB of code that their virtual functions are. These symbols take the place of
# their virtual tables, which are weak in the library; every function in them is abort(), so that a
# call would be seen. (docs/decisions/0034)
#if __SIZEOF_POINTER__ == 8
#define WORD .8byte
#else
#define WORD .4byte
#endif

  .section .data.rel.ro, "aw", %progbits
  .balign 8

.macro table name
  .global \name
\name:
.endm

# offset to top, type, functions: more than any facet has.
.macro functions type
  WORD 0
  WORD \type
  .rept 40
  WORD abort
  .endr
.endm

# Streams of wide characters look for these two with a dynamic_cast, which reads the type.
table _ZTVSt7num_getIwSt19istreambuf_iteratorIwSt11char_traitsIwEEE
  functions _ZTISt7num_getIwSt19istreambuf_iteratorIwSt11char_traitsIwEEE
table _ZTVSt7num_putIwSt19ostreambuf_iteratorIwSt11char_traitsIwEEE
  functions _ZTISt7num_putIwSt19ostreambuf_iteratorIwSt11char_traitsIwEEE

# std::, for char and wchar_t
table _ZTVSt7collateIcE
table _ZTVSt7collateIwE
table _ZTVSt8messagesIcE
table _ZTVSt8messagesIwE
table _ZTVSt10moneypunctIcLb0EE
table _ZTVSt10moneypunctIcLb1EE
table _ZTVSt10moneypunctIwLb0EE
table _ZTVSt10moneypunctIwLb1EE
table _ZTVSt9money_getIcSt19istreambuf_iteratorIcSt11char_traitsIcEEE
table _ZTVSt9money_getIwSt19istreambuf_iteratorIwSt11char_traitsIwEEE
table _ZTVSt9money_putIcSt19ostreambuf_iteratorIcSt11char_traitsIcEEE
table _ZTVSt9money_putIwSt19ostreambuf_iteratorIwSt11char_traitsIwEEE
table _ZTVSt11__timepunctIwE
table _ZTVSt8time_getIcSt19istreambuf_iteratorIcSt11char_traitsIcEEE
table _ZTVSt8time_getIwSt19istreambuf_iteratorIwSt11char_traitsIwEEE
table _ZTVSt8time_putIcSt19ostreambuf_iteratorIcSt11char_traitsIcEEE
table _ZTVSt8time_putIwSt19ostreambuf_iteratorIwSt11char_traitsIwEEE
# std::__cxx11::, the same for the newer std::string
table _ZTVNSt7__cxx117collateIcEE
table _ZTVNSt7__cxx117collateIwEE
table _ZTVNSt7__cxx118messagesIcEE
table _ZTVNSt7__cxx118messagesIwEE
table _ZTVNSt7__cxx1110moneypunctIcLb0EEE
table _ZTVNSt7__cxx1110moneypunctIcLb1EEE
table _ZTVNSt7__cxx1110moneypunctIwLb0EEE
table _ZTVNSt7__cxx1110moneypunctIwLb1EEE
table _ZTVNSt7__cxx119money_getIcSt19istreambuf_iteratorIcSt11char_traitsIcEEEE
table _ZTVNSt7__cxx119money_getIwSt19istreambuf_iteratorIwSt11char_traitsIwEEEE
table _ZTVNSt7__cxx119money_putIcSt19ostreambuf_iteratorIcSt11char_traitsIcEEEE
table _ZTVNSt7__cxx119money_putIwSt19ostreambuf_iteratorIwSt11char_traitsIwEEEE
table _ZTVNSt7__cxx118time_getIcSt19istreambuf_iteratorIcSt11char_traitsIcEEEE
table _ZTVNSt7__cxx118time_getIwSt19istreambuf_iteratorIwSt11char_traitsIwEEEE
  functions 0

  .section .note.GNU-stack, "", %progbits
