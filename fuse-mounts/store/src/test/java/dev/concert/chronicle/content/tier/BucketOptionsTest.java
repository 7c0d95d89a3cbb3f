package dev.concert.chronicle.content.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BucketOptionsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CHRONICLE_S3_BUCKET", "contents",
          "AWS_REGION", "eu-central-1",
          "AWS_ENDPOINT_URL", "http://minio:9000",
          "AWS_ACCESS_KEY_ID", "id",
          "AWS_SECRET_ACCESS_KEY", "hunter2");

  @Test
  void without_a_bucket_there_is_only_the_folder() {
    assertThat(BucketOptions.from(section(new JsonObject()), Map.of())).isEmpty();
  }

  @Test
  void the_environment_says_everything_and_goes_before_the_configuration() {
    JsonObject config = new JsonObject().put("bucket", "other").put("localCacheMiB", 5);
    BucketOptions options = BucketOptions.from(section(config), ENVIRONMENT).orElseThrow();
    assertThat(options.s3().bucket()).isEqualTo("contents");
    assertThat(options.s3().region()).isEqualTo("eu-central-1");
    assertThat(options.s3().endpoint()).hasValue(URI.create("http://minio:9000"));
    assertThat(options.localBytes()).isEqualTo(5 * 1024 * 1024);
  }

  @Test
  void the_secret_does_not_show() {
    assertThat(BucketOptions.from(section(new JsonObject()), ENVIRONMENT).orElseThrow().toString())
        .contains("contents")
        .doesNotContain("hunter2");
  }

  @Test
  void what_cannot_be_is_refused_by_name() {
    assertThatThrownBy(
            () -> BucketOptions.from(section(new JsonObject().put("buckets", "x")), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("s3.buckets is not known");
    assertThatThrownBy(
            () -> BucketOptions.from(section(new JsonObject().put("localCacheMiB", -1)), Map.of()))
        .hasMessageContaining("localCacheMiB");
    assertThatThrownBy(
            () ->
                BucketOptions.from(
                    section(new JsonObject().put("endpoint", "minio:9000")),
                    Map.of("CHRONICLE_S3_BUCKET", "b")))
        .hasMessageContaining("s3.endpoint must be a URL");
    assertThatThrownBy(
            () ->
                BucketOptions.from(
                    section(new JsonObject()),
                    Map.of("CHRONICLE_S3_BUCKET", "b", "AWS_ACCESS_KEY_ID", "only")))
        .hasMessageContaining("together");
  }

  private static ConfigReader section(JsonObject s3) {
    return ConfigReader.of(new JsonObject().put("s3", s3), "s3");
  }
}
