package dev.concert.ensemble.clients;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.testing.vendor.FakeAnswer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Coding agents as programs of the command line, each asked the same about a file of its folder.
 */
enum AgentPrograms {
  CLAUDE_CODE("Claude Code", "claude-code", "@anthropic-ai/claude-code", "Read", "file_path") {
    @Override
    String ask(ClientProgram program, Path home, Path work, String url, String model)
        throws Exception {
      return program.run(
          work,
          Map.of("HOME", home.toString(), "ANTHROPIC_BASE_URL", url, "ANTHROPIC_AUTH_TOKEN", KEY),
          List.of(
              program.file("@anthropic-ai/claude-code-linux-x64/claude").toString(),
              "-p",
              QUESTION,
              "--model",
              model,
              "--allowedTools",
              "Read"));
    }
  },
  CODEX("Codex", "codex", "@openai/codex", "exec_command", "cmd") {
    @Override
    String ask(ClientProgram program, Path home, Path work, String url, String model)
        throws Exception {
      Files.writeString(
          home.resolve("config.toml"),
          """
          model = "gpt-5.5-%s"
          model_provider = "ensemble"
          [model_providers.ensemble]
          name = "Ensemble"
          base_url = "%s/v1"
          env_key = "ENSEMBLE_KEY"
          wire_api = "responses"
          """
              .formatted(model, url));
      return program.run(
          work,
          Map.of("HOME", home.toString(), "CODEX_HOME", home.toString(), "ENSEMBLE_KEY", KEY),
          List.of(
              program
                  .file("@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex")
                  .toString(),
              "exec",
              "--skip-git-repo-check",
              "--dangerously-bypass-approvals-and-sandbox",
              QUESTION));
    }

    @Override
    String argument(Path file) {
      return "cat " + file;
    }
  },
  OPENCODE("opencode", "opencode", "opencode-linux-x64-baseline", "read", "filePath") {
    @Override
    String ask(ClientProgram program, Path home, Path work, String url, String model)
        throws Exception {
      JsonObject provider =
          new JsonObject()
              .put("npm", "@ai-sdk/openai-compatible")
              .put("name", "Ensemble")
              .put("options", new JsonObject().put("baseURL", url + "/v1").put("apiKey", KEY))
              .put("models", new JsonObject().put(model, new JsonObject().put("name", model)));
      JsonObject config =
          new JsonObject()
              .put("autoupdate", false)
              .put("share", "disabled")
              .put("model", "ensemble/" + model)
              .put("small_model", "ensemble/" + model)
              .put("provider", new JsonObject().put("ensemble", provider));
      Files.writeString(work.resolve("opencode.json"), config.encode());
      return program.run(
          work,
          Map.of("HOME", home.toString(), "OPENCODE_DISABLE_MODELS_FETCH", "1"),
          List.of(
              program.file("opencode-linux-x64-baseline/bin/opencode").toString(),
              "run",
              "--model",
              "ensemble/" + model,
              "--format",
              "json",
              QUESTION));
    }
  },
  GEMINI_CLI("Gemini CLI", "gemini-cli", "@google/gemini-cli", "read_file", "file_path") {
    @Override
    String ask(ClientProgram program, Path home, Path work, String url, String model)
        throws Exception {
      Files.writeString(
          Files.createDirectories(home.resolve(".gemini")).resolve("settings.json"),
          "{\"security\":{\"auth\":{\"selectedType\":\"gemini-api-key\"}}}");
      return program.run(
          work,
          Map.of(
              "HOME",
              home.toString(),
              "GEMINI_CLI_TRUST_WORKSPACE",
              "true",
              "GOOGLE_GEMINI_BASE_URL",
              url,
              "GEMINI_API_KEY",
              KEY),
          List.of(
              "node",
              program.file("@google/gemini-cli/bundle/gemini.js").toString(),
              "-p",
              QUESTION,
              "--model",
              model,
              "--yolo",
              "--output-format",
              "json"));
    }
  };

  private static final String KEY = RunningEnsemble.KEY;
  private static final String QUESTION = "Which colour has the violin in a.txt?";

  private final String title;
  private final String folder;
  private final String npm;
  private final String tool;
  private final String field;

  AgentPrograms(String title, String folder, String npm, String tool, String field) {
    this.title = title;
    this.folder = folder;
    this.npm = npm;
    this.tool = tool;
    this.field = field;
  }

  String title() {
    return title;
  }

  /** Its folder below {@code src/test/clients}. */
  String folder() {
    return folder;
  }

  /** Its package. */
  String npm() {
    return npm;
  }

  /**
   * Asks it.
   *
   * @param home an empty folder for its settings
   * @param work the folder it works in
   * @param url of Ensemble
   * @return everything that it has said
   */
  abstract String ask(ClientProgram program, Path home, Path work, String url, String model)
      throws Exception;

  String argument(Path file) {
    return file.toString();
  }

  /** The call with which it reads a file. */
  FakeAnswer reading(Path file) {
    return FakeAnswer.text("I read ", "it.")
        .withThinking("Hm. ", "c2lnbmF0dXJl")
        .withCall("call_1", tool, new JsonObject().put(field, argument(file)).encode());
  }

  ClientProgram install() throws IOException, InterruptedException {
    return ClientProgram.npm(folder);
  }
}
