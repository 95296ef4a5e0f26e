// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Puts the bytes of `file` (a string literal) into the program as they are: char name##Begin[] up to name##End. At namespace scope, once a program.
#define SHARPSCAPE_EMBED(name, file)                                                                                                 \
  __asm__(".section .rodata\n.global " #name "Begin\n.global " #name "End\n" #name "Begin:\n.incbin \"" file "\"\n" #name            \
          "End:\n.byte 0\n.previous\n");                                                                                            \
  extern "C" const char name##Begin[];                                                                                               \
  extern "C" const char name##End[]
