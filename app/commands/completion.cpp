// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/commands/commands.h"
#include "app/completion.h"

namespace app {

void addCompletion(CLI::App& program, Command& chosen) {
  auto shell = std::make_shared<std::string>();
  CLI::App* c = program.add_subcommand("completion", "print the completion of these commands for a shell");
  c->add_option("SHELL", *shell, "bash | zsh | fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  c->footer("Example: sharpscape completion bash > ~/.local/share/bash-completion/completions/sharpscape");
  c->callback([shell, &program, &chosen] {
    chosen = [shell, commands = completionsOf(program)](std::stop_token) {
      std::fputs(completionScript(commands, *shell).c_str(), stdout);
      return 0;
    };
  });
}

}  // namespace app
