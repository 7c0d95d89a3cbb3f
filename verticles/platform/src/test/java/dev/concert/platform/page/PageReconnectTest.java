package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server goes away and comes back: the page goes on where it was. */
class PageReconnectTest {
  @TempDir Path folder;

  @Test
  void the_page_reconnects_without_a_hole_or_a_repeat() {
    try (Browser browser = Browser.start(folder.resolve("profile"));
        PageServer server = PageServer.start(folder.resolve("data"))) {
      browser.open(server.url());
      browser.begin("echo", "!stream 200");
      browser.see(".end");
      browser.say("!sleep 60");
      browser.waitUntil("the second turn runs", page -> page.count(".message.assistant") == 2);

      server.goAway();
      browser.see("#banner", "Trying again");
      browser.see("#composer-hint", "Sent when the connection is back");
      browser.say("written while the server was away");
      browser.see("#pending", "written while the server was away");
      server.comeBack();
      browser.run("document.querySelector('#banner button').click()");

      browser.see(".message.assistant", "written while the server was away");
      browser.waitUntil("the turn ends", page -> page.count("#stop:not([hidden])") == 0);
      assertThat(browser.count("#items .message.user")).isEqualTo(3);
      assertThat(browser.count("#pending:not([hidden])")).isZero();
      String live = browser.text("#items");

      browser.reload();
      browser.see(".message.assistant", "written while the server was away");
      browser.waitUntil("all is drawn", page -> page.text("#items").length() >= live.length());
      assertThat(browser.text("#items")).isEqualTo(live);
    }
  }
}
