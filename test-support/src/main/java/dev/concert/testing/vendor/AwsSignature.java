package dev.concert.testing.vendor;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/** Amazon's Signature Version 4, computed by Amazon's library over what arrived. */
public final class AwsSignature {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

  private AwsSignature() {}

  /** Whether the request is signed with this secret for Bedrock in this region. */
  public static boolean isRight(FakeVendor.Asked asked, String key, String secret, String region) {
    String given = Optional.ofNullable(asked.headers().get("Authorization")).orElse("");
    int names = given.indexOf("SignedHeaders=");
    if (names < 0) {
      return false;
    }
    List<String> signed =
        Arrays.asList(given.substring(names + 14, given.indexOf(',', names)).split(";"));
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .protocol("http")
            .host("played")
            .method(SdkHttpMethod.POST)
            .encodedPath(asked.path());
    signed.stream()
        .filter(name -> !name.startsWith("x-amz-date") && !name.startsWith("x-amz-content"))
        .forEach(name -> request.putHeader(name, asked.headers().get(name)));
    Instant time =
        LocalDateTime.parse(asked.headers().get("X-Amz-Date"), TIME).toInstant(ZoneOffset.UTC);
    byte[] body = asked.body().getBytes(StandardCharsets.UTF_8);
    String expected =
        AwsV4HttpSigner.create()
            .sign(
                one ->
                    one.identity(AwsBasicCredentials.create(key, secret))
                        .request(request.build())
                        .payload(() -> new ByteArrayInputStream(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
            .request()
            .firstMatchingHeader("Authorization")
            .orElseThrow();
    return signed.contains("host") && signature(expected).equals(signature(given));
  }

  private static String signature(String header) {
    return header.replaceFirst(".*Signature=", "");
  }
}
