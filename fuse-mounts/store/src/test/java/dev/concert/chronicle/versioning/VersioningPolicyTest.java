package dev.concert.chronicle.versioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersioningPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "node_modules/left-pad/index.js, true",
    "web/node_modules/x, true",
    "node_modules, false",
    "target/classes/A.class, true",
    "src/target.txt, false",
    "app.sqlite-journal, true",
    "data/app.db-wal, true",
    "app.db, false",
    "app.sqlite, false",
    ".git/objects/ab/cd, false",
    "src/main/java/A.java, false",
  })
  void whatCanBeMadeAnewIsExcludedAndWhatPeopleWriteIsNot(String path, boolean excluded) {
    assertThat(VersioningPolicy.USUAL.isExcluded(path)).isEqualTo(excluded);
  }

  @Test
  void aLaterPatternTakesAnEarlierOneBack() {
    VersioningPolicy policy = new VersioningPolicy(List.of("*.log", "!keep.log"), List.of());

    assertThat(policy.isExcluded("a.log")).isTrue();
    assertThat(policy.isExcluded("d/keep.log")).isFalse();
  }

  @Test
  void theRuleForTheLargestSizeCounts() {
    assertThat(VersioningPolicy.USUAL.rule("f", 1L << 30)).isEmpty();
    assertThat(VersioningPolicy.USUAL.rule("d/f", 2L << 30).orElseThrow().every())
        .hasValue(Duration.ofMinutes(1));
    assertThat(VersioningPolicy.USUAL.rule("f", 17L << 30).orElseThrow().every()).isEmpty();
  }

  @Test
  void theConfigurationReplacesWhatItNames() {
    VersioningPolicy policy =
        VersioningPolicy.from(
            ConfigReader.root(
                new JsonObject(
                    """
                    {"large": [{"path": "*.img", "largerThanMiB": 10},
                               {"largerThanMiB": 20, "everySeconds": 5}]}
                    """)));

    assertThat(policy.excluded()).isEqualTo(VersioningPolicy.USUALLY_EXCLUDED);
    assertThat(policy.large())
        .containsExactly(
            new LargeFileRule("*.img", 10L << 20, Optional.empty()),
            new LargeFileRule("*", 20L << 20, Optional.of(Duration.ofSeconds(5))));
  }
}
