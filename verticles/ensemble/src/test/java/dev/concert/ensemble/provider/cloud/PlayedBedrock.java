package dev.concert.ensemble.provider.cloud;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.testing.vendor.AwsSignature;
import dev.concert.testing.vendor.BedrockWire;
import dev.concert.testing.vendor.EventStream;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor.Asked;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;

/** Amazon Bedrock as it is played for tests: what it serves, and what its clients send. */
final class PlayedBedrock {
  static final String SECRET = "sEcReT/of+a/test0123456789";
  static final String ARN =
      "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-played-v1:0";
  static final String NOVA = "eu.amazon.nova-played-v1:0";
  static final BedrockWire WIRE = new BedrockWire();
  static final String WHOLE = WIRE.whole(FakeAnswer.text("Yes."));
  static final String MESSAGES =
      """
      {"model":"model-0","max_tokens":50,"stream":true,MORE
       "messages":[{"role":"user","content":[{"type":"text","text":"hi",
        "cache_control":{"type":"ephemeral","ttl":"1h"}}]}]}\
      """;

  private PlayedBedrock() {}

  /** An Ensemble whose provider is the played Bedrock. */
  static RunningEnsemble open(PlayedCloud cloud, String key) {
    return cloud.ensemble(
        "{'type':'bedrock','region':'eu-central-1','apiKeyEnv':'KEY'}",
        Map.of("KEY", key),
        List.of(ARN, NOVA));
  }

  /** A streamed answer to whoever has signed. */
  static void answer(Asked asked, HttpServerResponse to) {
    if (!AwsSignature.isRight(asked, "AKIDTEST", SECRET, "eu-central-1")) {
      to.setStatusCode(403)
          .putHeader("x-amzn-ErrorType", "InvalidSignatureException:http://internal.amazon.com/")
          .end(
              "{\"message\":\"The signature of AKIDTEST does not match, not even \\\"%s\\\"\"}"
                  .formatted(SECRET));
      return;
    }
    begin(to);
    WIRE.events(FakeAnswer.text("Yes.")).forEach(event -> to.write(frame(event)));
    to.end();
  }

  static void begin(HttpServerResponse to) {
    to.setChunked(true).putHeader("content-type", "application/vnd.amazon.eventstream");
  }

  static Buffer frame(String event) {
    int data = event.indexOf("data: ");
    return EventStream.frame(
        event.substring("event: ".length(), event.indexOf('\n')),
        event.substring(data + 6).strip());
  }
}
