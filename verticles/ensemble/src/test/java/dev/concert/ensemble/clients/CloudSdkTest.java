package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.testing.vendor.BedrockWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The played clouds against the vendors' own SDKs, without Ensemble: what the SDKs accept, and what
 * they sign, is what Ensemble is tested with. Google's SDK speaks Gemini with its own addresses
 * only, so that one is not here.
 */
class CloudSdkTest {
  private static final FakeAnswer ANSWER =
      FakeAnswer.text("Grüße ", "🎻")
          .withCall("call_a", "read_file", "{\"path\":\"a.txt\"}")
          .withUsage(new FakeAnswer.Usage(100, 40, 0, 30, 0));

  private final Map<String, FakeVendor> clouds = new LinkedHashMap<>();

  @AfterEach
  void stop() {
    clouds.values().forEach(FakeVendor::close);
  }

  @Test
  void theVendorsOwnSdksAcceptThePlayedCloudsAndAWrongSecretIsRefused() throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(FakeVendor.KEY);
    arguments.add(FakeVendor.AWS_KEY.replaceFirst(":.*", ""));
    arguments.add(BedrockWire.REGION);
    for (VendorWire wire : VendorWires.clouds()) {
      if (!wire.type().equals("vertex-gemini")) {
        FakeVendor cloud = new FakeVendor(wire);
        cloud.answer(ANSWER);
        clouds.put(wire.type(), cloud);
        arguments.add(wire.type());
        arguments.add(cloud.url());
      }
    }

    List<JsonNode> answers = ClientProgram.npm("clouds").answers("ask.mjs", arguments);

    assertThat(answers).hasSize(4);
    for (JsonNode answer : answers) {
      assertThat(answer.path("text").asText()).as("%s", answer).isEqualTo("Grüße 🎻");
      assertThat(answer.path("call").toString())
          .as("%s", answer)
          .isEqualTo("[\"read_file\",{\"path\":\"a.txt\"}]");
      assertThat(answer.path("usage").asInt()).as("%s", answer).isEqualTo(40);
      assertThat(answer.path("second").asText()).as("%s", answer).isEqualTo("Grüße 🎻");
      assertThat(answer.path("whole").asText()).as("%s", answer).isEqualTo("Grüße 🎻");
      assertThat(answer.path("refused").asText()).as("%s", answer).startsWith("403 ");
    }
    clouds.values().forEach(cloud -> assertThat(cloud.asked()).isNotNull());
  }
}
