package dev.concert.gateway.auth.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private static final TrustedProxies PROXIES = proxies("10.0.0.0/8", "192.0.2.1", "fd00::/8");

  private static TrustedProxies proxies(Object... ranges) {
    return TrustedProxies.from(
        ConfigReader.of(
            new JsonObject()
                .put("gateway", new JsonObject().put("trustedProxies", JsonArray.of(ranges))),
            "gateway"));
  }

  private static String client(String peer, String forwardedFor, String forwarded) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    if (forwardedFor != null) {
      headers.add("x-forwarded-for", forwardedFor);
    }
    if (forwarded != null) {
      headers.add("forwarded", forwarded);
    }
    return PROXIES.clientOf(InetAddress.ofLiteral(peer), headers).getHostAddress();
  }

  @ParameterizedTest
  @CsvSource({
    "a client without a proxy,            203.0.113.9, , 203.0.113.9",
    "a client that claims to be another,  203.0.113.9, 198.51.100.1, 203.0.113.9",
    "behind a proxy,                      10.1.2.3, 198.51.100.1, 198.51.100.1",
    "behind a proxy that says nothing,    10.1.2.3, , 10.1.2.3",
    "behind two proxies,                  10.1.2.3, '198.51.100.1, 10.9.9.9', 198.51.100.1",
    "what the client itself wrote first,  10.1.2.3, '1.1.1.1, 198.51.100.1, 192.0.2.1',"
        + " 198.51.100.1",
    "with a port,                         192.0.2.1, 198.51.100.1:4711, 198.51.100.1",
    "IPv6,                                fd00::1, 2001:db8::7, 2001:db8:0:0:0:0:0:7",
    "IPv6 with a port,                    fd00::1, '[2001:db8::7]:80', 2001:db8:0:0:0:0:0:7",
    "words,                               10.1.2.3, unknown, 10.1.2.3",
    "a name is not resolved,              10.1.2.3, localhost, 10.1.2.3",
    "a single address is no range,        192.0.2.2, 198.51.100.1, 192.0.2.2",
  })
  void theClientIsTheNearestAddressThatIsNoProxy(
      String what, String peer, String forwardedFor, String expected) {
    assertThat(client(peer, forwardedFor, null)).as(what).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "for=198.51.100.1;proto=https, 198.51.100.1",
    "'for=198.51.100.1, for=10.9.9.9', 198.51.100.1",
    "'For=\"[2001:db8::7]:4711\"', 2001:db8:0:0:0:0:0:7",
    "by=10.1.2.3, 10.1.2.3",
    "for=_hidden, 10.1.2.3",
  })
  void theStandardHeaderSaysTheSame(String forwarded, String expected) {
    assertThat(client("10.1.2.3", null, forwarded)).isEqualTo(expected);
  }

  @Test
  void whereTheTwoHeadersDifferNeitherCounts() {
    assertThat(client("10.1.2.3", "198.51.100.1", "for=1.1.1.1")).isEqualTo("10.1.2.3");
    assertThat(client("10.1.2.3", "198.51.100.1", "for=198.51.100.1")).isEqualTo("198.51.100.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0/8/9"})
  void aSettingThatIsNoRangeIsNamed(String wrong) {
    assertThatThrownBy(() -> proxies("10.0.0.0/8", wrong))
        .hasMessageContaining("gateway.trustedProxies[1] must be an address or a range");
  }
}
