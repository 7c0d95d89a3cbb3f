package dev.concert.platform.page;

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

  private static final String FAULTS =
      """
      return axe.run().then(({ violations }) => violations.map(({ impact, id, nodes }) =>
        `${impact} ${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 150)} ${any[0]?.message ?? ""}`).join("; ")}`));
      """;

  private Axe() {}

  /** What it finds on the page of a browser as it is now. */
  static List<?> faults(Browser browser) {
    browser.run(SCRIPT);
    browser.run(SETTLE);
    return (List<?>) browser.run(FAULTS);
  }

  private static String script() {
    try (InputStream script = Axe.class.getClassLoader().getResourceAsStream("axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
