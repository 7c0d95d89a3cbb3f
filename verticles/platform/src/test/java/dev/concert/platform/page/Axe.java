package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** axe, which finds what people with disabilities cannot use of a page. */
final class Axe {
  private static final String SCRIPT = script();

  /** Colours change over a moment; axe measures what is seen. */
  private static final String SETTLE =
      "document.getAnimations().forEach((one) => one.finish?.call !== undefined &&"
          + " one.effect?.getTiming().iterations !== Infinity && one.finish())";

  /** All rules. */
  private static final String EVERYTHING = "{}";

  /** The rules about colours, which alone can differ between light and dark. */
  private static final String COLOURS =
      "{ runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }";

  private static final String FAULTS =
      """
      return axe.run(%s).then(({ violations }) => violations.map(({ impact, id, nodes }) =>
        `${impact} ${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 150)} ${any[0]?.message ?? ""}`).join("; ")}`));
      """;

  private Axe() {}

  /** Fails where it finds something on the page as it is now, in light or in dark colours. */
  static void verifyBothSchemes(Browser browser, String state) {
    browser.scheme("light");
    assertThat(faults(browser)).as("%s, light", state).isEmpty();
    browser.scheme("dark");
    assertThat(faults(browser, COLOURS)).as("%s, dark", state).isEmpty();
    browser.scheme("light");
  }

  /** What it finds on the page of a browser as it is now. */
  static List<?> faults(Browser browser) {
    return faults(browser, EVERYTHING);
  }

  private static List<?> faults(Browser browser, String options) {
    if (!(Boolean) browser.run("return Boolean(window.axe)")) {
      browser.run(SCRIPT);
    }
    browser.run(SETTLE);
    return (List<?>) browser.run(FAULTS.formatted(options));
  }

  private static String script() {
    try (InputStream script = Axe.class.getClassLoader().getResourceAsStream("axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
