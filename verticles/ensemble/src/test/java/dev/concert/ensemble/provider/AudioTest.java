package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sound, asked about as OpenAI's SDK does, whoever answers. */
class AudioTest {
  private static final String SOUND = "ZkxhQwAAACI=";

  private static FakeVendors played;

  @BeforeAll
  static void start() {
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  static List<VendorWire> wires() {
    return VendorWires.all();
  }

  @ParameterizedTest
  @MethodSource("wires")
  void reachesAVendorThatHearsItAndIsRefusedWhereNobodyDoes(VendorWire wire) {
    FakeVendor vendor = played.vendor(wire);
    vendor.answer(FakeAnswer.text("A bird."));
    String body =
        """
        {"model":"%s","messages":[{"role":"user","content":[
          {"type":"text","text":"What is this?"},
          {"type":"input_audio","input_audio":{"format":"flac","data":"%s"}}]}]}"""
            .formatted(wire.type(), SOUND);

    HttpResponse<String> answer = played.ensemble().client().post("/v1/chat/completions", body);

    if (wire.type().equals("anthropic")) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("cannot hear audio");
      assertThat(vendor.askedTimes()).isZero();
    } else {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(vendor.asked().body()).contains(SOUND, "flac");
    }
  }
}
