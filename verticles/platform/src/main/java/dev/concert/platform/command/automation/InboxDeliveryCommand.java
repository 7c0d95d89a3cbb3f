package dev.concert.platform.command.automation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert inbox delivery}. */
@Command(
    name = "delivery",
    description = "Shows and sets where else you are told what comes into your inbox.",
    mixinStandardHelpOptions = true)
final class InboxDeliveryCommand implements Runnable {
  private static final String CHANNEL = "webhook, email, chat or push.";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    try (AutomationApi api = AutomationApi.open()) {
      api.delivery().path("channels").forEach(this::show);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void show(JsonNode channel) {
    out()
        .printf(
            "%s  %s%s%s%s%n",
            channel.path("channel").asText(),
            channel.path("from").asText().equals("off")
                ? "off"
                : "from " + channel.path("from").asText() + " on",
            channel.hasNonNull("url") ? "  " + channel.path("url").asText() : "",
            counted("waiting", channel),
            counted("failed", channel));
    if (channel.hasNonNull("fault")) {
      out().printf("    %s%n", channel.path("fault").asText());
    }
    if (channel.hasNonNull("secret")) {
      out().printf("    Verify with this secret, which is not shown again: ");
      out().printf("%s%n", channel.path("secret").asText());
    }
  }

  private static String counted(String name, JsonNode channel) {
    return channel.path(name).asInt() == 0
        ? ""
        : "  %d %s".formatted(channel.path(name).asInt(), name);
  }

  @Command(
      name = "set",
      description = "Says which items go to a channel.",
      mixinStandardHelpOptions = true)
  int set(
      @Parameters(paramLabel = "CHANNEL", description = CHANNEL) String channel,
      @Option(
              names = "--from",
              required = true,
              description = "The least severity: info, warning or error; off for nothing.")
          String from,
      @Option(names = "--url", description = "Address of a webhook; https.") Optional<String> url,
      @Option(names = "--new-secret", description = "Sign with a new secret from now on.")
          boolean newSecret) {
    try (AutomationApi api = AutomationApi.open()) {
      show(api.setDelivery(channel, from, url, newSecret));
    }
    return 0;
  }

  @Command(
      name = "test",
      description = "Sends a message that says only that the channel works.",
      mixinStandardHelpOptions = true)
  int test(@Parameters(paramLabel = "CHANNEL", description = CHANNEL) String channel) {
    try (AutomationApi api = AutomationApi.open()) {
      show(api.testDelivery(channel));
    }
    return 0;
  }
}
