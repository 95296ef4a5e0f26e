// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

namespace app {
namespace {

constexpr std::size_t kLongest = 90;  ///< characters of a description beside a flag

bool isWord(const std::string& s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::string trimmed(const std::string& s) {
  const auto from = s.find_first_not_of(' ');
  return from == std::string::npos ? std::string() : s.substr(from, s.find_last_not_of(' ') - from + 1);
}

/// One line without quotes, not too long.
std::string brief(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\'' || c == '"' || c == '`' || c == '$' || c == '\\') c = ' ';
  return text.size() <= kLongest ? text : text.substr(0, text.rfind(' ', kLongest)) + " ...";
}

CompletedCommand commandOf(const CLI::App& app, const std::string& name) {
  CompletedCommand c{.name = name, .description = brief(app.get_description()), .options = {}, .words = {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) c.words = wordsOf(option->get_description());
    for (const std::string& flag : option->get_lnames())
      c.options.push_back({"--" + flag, brief(option->get_description()), wordsOf(option->get_description()), option->get_items_expected_max() > 0});
    for (const std::string& flag : option->get_snames()) c.options.push_back({"-" + flag, brief(option->get_description()), {}, option->get_items_expected_max() > 0});
  }
  return c;
}

std::vector<std::string> flagsOf(const CompletedCommand& c) {
  std::vector<std::string> flags;
  for (const CompletedOption& o : c.options) flags.push_back(o.flag);
  return flags;
}

std::string bash(const std::vector<CompletedCommand>& all) {
  std::vector<std::string> names;
  for (const CompletedCommand& c : all)
    if (!c.name.empty()) names.push_back(c.name);
  std::string text = fmt::format("# bash completion of sharpscape; 'sharpscape completion bash' makes it\n_sharpscape() {{\n  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command= word words= values=\n"
                                 "  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n    case $word in -*) ;; *) command=$word; break ;; esac\n  done\n  case $command in\n");
  for (const CompletedCommand& c : all) {
    std::vector<std::string> words = flagsOf(c);
    if (c.name.empty()) words.insert(words.end(), names.begin(), names.end());
    text += fmt::format("    {})\n      words='{}'\n      case $previous in\n", c.name.empty() ? "''" : c.name, fmt::join(words, " "));
    for (const CompletedOption& o : c.options)
      if (!o.values.empty()) text += fmt::format("        {}) values='{}' ;;\n", o.flag, fmt::join(o.values, " "));
    std::vector<std::string> files;
    for (const CompletedOption& o : c.options)
      if (o.takesValue && o.values.empty()) files.push_back(o.flag);
    if (!files.empty()) text += fmt::format("        {}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n", fmt::join(files, "|"));
    text += "      esac ;;\n";
    if (!c.words.empty()) text.insert(text.size() - std::string("      esac ;;\n").size(), fmt::format("        {}) values='{}' ;;\n", c.name, fmt::join(c.words, " ")));
  }
  return text + "  esac\n  if [ -n \"$values\" ]; then COMPREPLY=($(compgen -W \"$values\" -- \"$current\"))\n"
                "  elif [ \"${current:0:1}\" = - ] || [ -z \"$command\" ]; then COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                "  else COMPREPLY=($(compgen -f -- \"$current\"))\n  fi\n}\ncomplete -o filenames -F _sharpscape sharpscape\n";
}

/// For _arguments: brackets and colons have a meaning there.
std::string zshEscaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':') out += '\\';
    out += c;
  }
  return out;
}

std::string zshOption(const CompletedOption& o) {
  const std::string value = !o.takesValue ? "" : o.values.empty() ? ":value:_files" : fmt::format(":value:({})", fmt::join(o.values, " "));
  return fmt::format(" \\\n        '*{}[{}]{}'", o.flag, zshEscaped(o.description), value);
}

std::string zsh(const std::vector<CompletedCommand>& all) {
  std::string text = "#compdef sharpscape\n# zsh completion of sharpscape; 'sharpscape completion zsh' makes it\n_sharpscape() {\n  local line state\n  local -a commands\n  commands=(\n";
  for (const CompletedCommand& c : all)
    if (!c.name.empty()) text += fmt::format("    '{}:{}'\n", c.name, zshEscaped(c.description));
  text += "  )\n  _arguments -C";
  for (const CompletedOption& o : all.front().options) text += zshOption(o);
  text += " \\\n        '1: :->command' '*:: :->arguments'\n  case $state in\n    command) _describe command commands ;;\n    arguments)\n      case $line[1] in\n";
  for (const CompletedCommand& c : all) {
    if (c.name.empty()) continue;
    text += fmt::format("      {}) _arguments", c.name);
    for (const CompletedOption& o : c.options) text += zshOption(o);
    text += c.words.empty() ? " \\\n        '*:file:_files' ;;\n" : fmt::format(" \\\n        '1:word:({})' ;;\n", fmt::join(c.words, " "));
  }
  return text + "      esac ;;\n  esac\n}\n_sharpscape \"$@\"\n";
}

std::string fish(const std::vector<CompletedCommand>& all) {
  std::string text = "# fish completion of sharpscape; 'sharpscape completion fish' makes it\n";
  for (const CompletedCommand& c : all) {
    const std::string when = c.name.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + c.name;
    if (!c.name.empty()) text += fmt::format("complete -c sharpscape -n __fish_use_subcommand -f -a {} -d '{}'\n", c.name, c.description);
    for (const CompletedOption& o : c.options) {
      const bool longName = o.flag.starts_with("--");
      text += fmt::format("complete -c sharpscape -n '{}' -{} {}{} -d '{}'\n", when, longName ? 'l' : 's', o.flag.substr(longName ? 2 : 1),
                          !o.takesValue ? "" : o.values.empty() ? " -r" : fmt::format(" -x -a '{}'", fmt::join(o.values, " ")), o.description);
    }
    if (!c.words.empty()) text += fmt::format("complete -c sharpscape -n '{}' -f -a '{}'\n", when, fmt::join(c.words, " "));
  }
  return text;
}

}  // namespace

std::vector<std::string> wordsOf(std::string text) {
  int depth = 0;
  std::string plain;
  for (const char c : text) {
    depth += c == '(' ? 1 : 0;
    if (depth == 0) plain += c;
    depth -= c == ')' && depth > 0 ? 1 : 0;
  }
  std::vector<std::string> words;
  if (plain.find(" | ") == std::string::npos) return words;
  for (std::size_t from = 0; from <= plain.size();) {
    const std::size_t bar = std::min(plain.find(" | ", from), plain.size());
    std::string part = trimmed(plain.substr(from, bar - from));
    if (from == 0) part = part.substr(part.rfind(' ') + 1);
    else part = part.substr(0, part.find_first_of(" ,;"));
    if (isWord(part)) words.push_back(part);
    from = bar + 3;
  }
  return words;
}

std::vector<CompletedCommand> completionsOf(const CLI::App& program) {
  std::vector<CompletedCommand> all = {commandOf(program, "")};
  for (const CLI::App* sub : program.get_subcommands([](const CLI::App*) { return true; })) all.push_back(commandOf(*sub, sub->get_name()));
  return all;
}

std::string completionScript(const std::vector<CompletedCommand>& commands, const std::string& shell) {
  if (shell == "bash") return bash(commands);
  if (shell == "zsh") return zsh(commands);
  if (shell == "fish") return fish(commands);
  throw std::invalid_argument(fmt::format("there is no completion for '{}': bash, zsh and fish are known", shell));
}

}  // namespace app
