package dev.concert.bridges.googlechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.json.Json;
import dev.concert.testing.chat.GoogleChatEvents;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the events of Google Chat are for us. */
class GoogleChatReaderTest {
  private static final String SPACE = "spaces/S1";
  private static final String THREAD = "spaces/S1/threads/T1";

  private static WebhookResult read(JsonObject event) {
    try {
      JsonNode body = Json.MAPPER.readTree(event.encode());
      return GoogleChatReader.read(body);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static InboundEvent only(JsonObject event) {
    return ((WebhookResult.Events) read(event)).events().getFirst();
  }

  @Test
  void aMessageIsTheSameWhetherTheApplicationIsAnAddOnOrNot() {
    JsonObject event = GoogleChatEvents.message("M1", SPACE, THREAD, "anne", "do it");
    InboundEvent plain = only(event);
    assertThat(plain)
        .isEqualTo(
            new InboundEvent(
                Kind.MESSAGE,
                "m:spaces/S1/messages/M1",
                THREAD,
                SPACE,
                "users/anne",
                "do it",
                false,
                true));
    assertThat(only(GoogleChatEvents.ofAddOn(event, "messagePayload"))).isEqualTo(plain);
  }

  @Test
  void buttonsAndCommandsAreRead() {
    JsonObject pressed = GoogleChatEvents.pressed("t1", SPACE, THREAD, "anne", "s|q|allow");
    InboundEvent button = only(pressed);
    assertThat(button.kind()).isEqualTo(Kind.BUTTON);
    assertThat(button.text()).isEqualTo("s|q|allow");
    assertThat(button.conversation()).isEqualTo(THREAD);
    assertThat(only(GoogleChatEvents.ofAddOn(pressed, "buttonClickedPayload"))).isEqualTo(button);
    pressed.remove("common");
    assertThat(only(pressed)).isEqualTo(button);

    JsonObject used = GoogleChatEvents.command("M2", SPACE, THREAD, "anne", "stop");
    assertThat(only(used).kind()).isEqualTo(Kind.COMMAND);
    assertThat(only(used).text()).isEqualTo("stop");
    InboundEvent quick = only(used.put("type", "APP_COMMAND"));
    assertThat(quick.kind()).isEqualTo(Kind.COMMAND);
    assertThat(only(GoogleChatEvents.ofAddOn(used, "appCommandPayload"))).isEqualTo(quick);
  }

  @Test
  void whoAddsUsIsGreetedAndWhatIsNotOfPeopleHasNoEffect() {
    JsonObject added = GoogleChatEvents.added(SPACE, "anne");
    WebhookResult.Answer answer = (WebhookResult.Answer) read(added);
    assertThat(new JsonObject(answer.reply().body()).getString("text")).startsWith("Write to me");
    WebhookResult.Answer addOn =
        (WebhookResult.Answer) read(GoogleChatEvents.ofAddOn(added, "addedToSpacePayload"));
    assertThat(addOn.reply().body()).contains("createMessageAction", "Write to me");

    JsonObject bot = GoogleChatEvents.message("M3", SPACE, THREAD, "bot", "hello");
    bot.getJsonObject("user").put("type", "BOT");
    JsonObject elsewhere = GoogleChatEvents.message("M3", "spaces/../x", THREAD, "anne", "hello");
    for (JsonObject event : new JsonObject[] {bot, elsewhere, new JsonObject()}) {
      assertThat(((WebhookResult.Events) read(event)).events()).isEmpty();
    }
  }

  @Test
  void markdownGetsTheFormOfGoogleChat() {
    assertThat(
            GoogleChatMarkdown.render(
                "# Head\n- **bold** and ~~gone~~, `**code**`\n"
                    + "[Concert](https://example.com)\n```java\n**x**\n```"))
        .isEqualTo(
            "*Head*\n• *bold* and ~gone~, `**code**`\n"
                + "<https://example.com|Concert>\n```\n**x**\n```");
  }
}
