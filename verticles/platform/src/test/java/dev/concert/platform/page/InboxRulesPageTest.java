package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Rules of the inbox on the page of automations. */
class InboxRulesPageTest extends AutomationsPage {
  InboxRulesPageTest(Browser browser, PageServer server) {
    super(browser, server);
  }

  @Test
  void a_rule_is_made_on_the_page_decides_and_is_switched_off() {
    begin("Noise", "only when");
    save("Noise");
    browser.click("#inbox-rules summary");
    browser.see("#rules .empty");
    browser.write("#new-rule", Keys.ENTER);
    browser.click("#save-rule");
    browser.see("#rule-name-fault", "fill");
    browser.write("#rule-name", "Quiet");
    browser.write("#rule-words", "noise, hum");
    browser.write("#rule-action", "snooze");
    browser.write("#rule-snooze", "Pause");
    browser.click("#save-rule");
    browser.see("#rule-snooze-fault", "no duration");
    Axe.verifyBothSchemes(browser, "the form of a rule");
    assertThat(browser.complaints())
        .as("only what was refused")
        .allMatch(line -> line.contains("/api/inbox-rules"));
    browser.write("#rule-action", "close");
    browser.click("#save-rule");
    browser.see("#rules .about", "Each item with noise or hum: close it.");

    browser.click("[aria-label='Run: Noise']");
    browser.click("[aria-label='History: Noise']");
    browser.see("#slots .state", "succeeded");
    browser.click("[aria-label='Decisions of the rule Quiet']");
    browser.see("#rules .history li", "close: Done: Noise");
    assertThat(browser.count("#inbox-items .name")).isZero();
    Axe.verifyBothSchemes(browser, "the rules");

    browser.click("[aria-label='Edit: rule Quiet']");
    assertThat(browser.run("return document.querySelector('#rule-words').value"))
        .isEqualTo("noise, hum");
    browser.write("#rule-action", "rate");
    browser.write("#rule-severity", "error");
    browser.click("#save-rule");
    browser.see("#rules .about", "rate it error");
    browser.click("[aria-label='Run: Noise']");
    browser.see("#inbox-items .state.bad");
    browser.click("[aria-label='Off: rule Quiet']");
    browser.see("#rules .state", "off");
    browser.click("[aria-label='Done: Done: Noise']");
    browser.click("[aria-label='Run: Noise']");
    browser.see("#inbox-items .name", "Done: Noise");
    browser.click("[aria-label='Done: Done: Noise']");
    browser.run("window.confirm = () => true");
    browser.click("[aria-label='Delete: rule Quiet']");
    browser.see("#rules .empty");
    delete("Noise");
  }
}
