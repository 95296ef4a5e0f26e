# SPDX-License-Identifier: GPL-3.0-or-later
# cmake --install build/release --prefix DIR: the program, desktop file, icons, AppStream data, the MIME type of sessions, completion for three shells, the licence.
# Nothing of LibTorch is copied: the installed program looks for it where SHARPSCAPE_TORCH_LIBRARIES says, by default where it was built against, and for everything
# else (Qt 6, VTK, cairo, curl, HDF5) where the system keeps its packages.
set(SHARPSCAPE_TORCH_LIBRARIES ${TORCH_ROOT}/lib CACHE PATH "Folder with libtorch_cpu.so on the machine that the program is installed on")
include(GNUInstallDirs)

set(program sharpscape_headless)
if(SHARPSCAPE_GUI)
  set(program sharpscape)
endif()
set_target_properties(${program} PROPERTIES INSTALL_RPATH "${SHARPSCAPE_TORCH_LIBRARIES}" INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES resources/data/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME data.md)
if(SHARPSCAPE_GUI)
  set(desktop resources/desktop)
  install(FILES ${desktop}/org.sharpscape.sharpscape.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES ${desktop}/org.sharpscape.sharpscape.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
  install(FILES ${desktop}/sharpscape-mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages RENAME sharpscape.xml)
  install(FILES resources/icons/sharpscape.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
  foreach(size 48 128 256)
    install(FILES ${desktop}/icons/sharpscape-${size}.png DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/${size}x${size}/apps RENAME sharpscape.png)
  endforeach()
endif()

# The program prints its own completion.
set(completions bash bash-completion/completions/sharpscape zsh zsh/site-functions/_sharpscape fish fish/vendor_completions.d/sharpscape.fish)
while(completions)
  list(POP_FRONT completions shell file)
  cmake_path(GET file PARENT_PATH folder)
  set(made ${PROJECT_BINARY_DIR}/completion/${file})
  install(CODE "file(MAKE_DIRECTORY \"${PROJECT_BINARY_DIR}/completion/${folder}\")
    execute_process(COMMAND \"$<TARGET_FILE:${program}>\" completion ${shell} OUTPUT_FILE \"${made}\" COMMAND_ERROR_IS_FATAL ANY)")
  install(FILES ${made} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder})
endwhile()

install(CODE "message(STATUS \"The program needs LibTorch in ${SHARPSCAPE_TORCH_LIBRARIES} (-DSHARPSCAPE_TORCH_LIBRARIES=DIR names another folder)\")")
