package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** Files go with a message: chosen, dropped or pasted. */
@ExtendWith(PageExtension.class)
class AttachmentsPageTest {
  @TempDir Path folder;
  private final Browser browser;

  AttachmentsPageTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  void files_are_chosen_pasted_and_dropped_and_are_in_the_workspace_before_the_agent_reads()
      throws IOException {
    browser.choose("#attach-files", Files.writeString(folder.resolve("a.txt"), "from a disk"));
    browser.see("#attachments li", "a.txt");
    hand("paste", "clipboardData", "#message", "image.png", "one");
    hand("drop", "dataTransfer", "#scroller", "image.png", "two");
    browser.waitUntil("three are attached", page -> page.count("#attachments li") == 3);
    browser.click("#attachments li:nth-child(1) button");
    browser.choose("#attach-files", folder.resolve("a.txt"));
    browser.see("#agent-type").findElement(By.cssSelector("[value=echo]")).click();
    browser.run(
        "window.sent = []; const send = WebSocket.prototype.send; WebSocket.prototype.send ="
            + " function (text) { sent.push(text); send.call(this, text); }");
    browser.click("#send");
    browser.see(".end");
    browser.see(".message.user", "See the attached files.");
    assertThat(browser.count("#attachments li")).isZero();
    assertThat(
            browser.run(
                "return JSON.parse(sent.find((one) => one.includes('run_turn'))).attachments"
                    + ".map(({ name, mediaType }) => `${name} ${mediaType}`)"))
        .isEqualTo(List.of("image.png image/png", "image-2.png image/png", "a.txt text/plain"));

    String path =
        (String)
            browser.run(
                "return JSON.parse(sent.find((one) =>"
                    + " one.includes('run_turn'))).attachments[1].path");
    browser.say("!read " + path);
    browser.see(".message.assistant", "two");
  }

  private void hand(String event, String field, String css, String name, String content) {
    browser.run(
        """
        const data = new DataTransfer();
        data.items.add(new File([arguments[4]], arguments[3], { type: "image/png" }));
        const event = new Event(arguments[0], { bubbles: true, cancelable: true });
        Object.defineProperty(event, arguments[1], { value: data });
        document.querySelector(arguments[2]).dispatchEvent(event);
        """,
        event,
        field,
        css,
        name,
        content);
  }
}
