package dev.concert.foundation.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundProxiesTest {
  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, '', true",
    "https://api.openai.com/v1, 'other.com, openai.com', false",
    "https://api.openai.com/v1, .openai.com, false",
    "https://api.openai.com/v1, api.openai.com:443, false",
    "https://API.OpenAI.com/v1, *.openai.COM, false",
    "https://api.openai.com/v1, penai.com, true",
    "https://api.openai.com/v1, *, false",
    "https://127.0.0.1:8000/v1, '', false",
    "http://localhost:8000/v1, '', false",
    "http://vllm.internal/v1, '', false",
    "https://127.0.0.1.example/v1, '', true",
    "https://[::1]:8000/v1, '', false",
    "https://[0:0:0:0:0:0:0:1]:8000/v1, '', false",
    "https://10.1.2.3/v1, 10.0.0.0/8, false",
    "https://10.1.2.3:8443/v1, 'x.example 10.0.0.0/8', false",
    "https://10.1.2.3/v1, 10.0.0.0/8:443, false",
    "https://11.1.2.3/v1, 10.0.0.0/8, true",
    "https://172.31.255.255/v1, 172.16.0.0/12, false",
    "https://172.32.0.0/v1, 172.16.0.0/12, true",
    "https://10.1.2.3/v1, 10.1.2.3/32, false",
    "https://10.1.2.3/v1, 0.0.0.0/0, false",
    "https://10.1.2.3/v1, 10.1.2.3, false",
    "https://10.1.2.3/v1, 10.1.2.3:8443, false",
    "https://10.1.2.3/v1, '.2.3, 2.3', true",
    "https://[fd12::5]/v1, fd00::/8, false",
    "https://[fd12::5]:8443/v1, '[fd00::]/8', false",
    "https://[fe12::5]/v1, fd00::/8, true",
    "https://[fd12::5]/v1, 0.0.0.0/0, true",
    "https://10.1.2.3/v1, ::/0, true",
    "https://[fd12::5]/v1, FD12:0::5, false",
    "https://[fd12::5]/v1, '[fd12::5]:443', false",
    "https://[fd12::5]/v1, fd12::6, true",
    "https://ten.example/v1, '0.0.0.0/0, ::/0', true",
    "https://10.1.2.3/v1, '10.0.0.0/33, 10.0.0.0/-1, 10.0.0.0/x, 10/8/8, /, x/8', true",
  })
  void noProxyNamesThoseThatAreCalledDirectly(String url, String direct, boolean proxied) {
    OutboundProxies proxies =
        OutboundProxies.of(Map.of("https_proxy", "proxy.example:3128", "NO_PROXY", direct));

    assertThat(proxies.to(URI.create(url)).isPresent()).isEqualTo(proxied);
    RequestOptions request = proxies.route(new RequestOptions().setAbsoluteURI(url));
    assertThat(request.getProxyOptions() != null).isEqualTo(proxied);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example, far.example",
    "wss://a.example, far.example",
    "http://a.example, near.example",
    "ws://a.example, near.example",
  })
  void theSchemeOfAServerChoosesTheVariable(String url, String proxy) {
    OutboundProxies proxies =
        OutboundProxies.of(
            Map.of("HTTPS_PROXY", "http://far.example", "HTTP_PROXY", "socks5://near.example"));

    assertThat(proxies.to(URI.create(url)).orElseThrow().getHost()).isEqualTo(proxy);
    WebSocketConnectOptions socket =
        proxies.route(new WebSocketConnectOptions().setAbsoluteURI(url.replace("http", "ws")));
    assertThat(socket.getProxyOptions().getHost()).isEqualTo(proxy);
  }

  @Test
  void theVariablesAreShownWithoutTheirValues() {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "http://u:secret@x", "OTHER", "y");

    assertThat(OutboundProxies.of(environment)).hasToString("OutboundProxies[HTTPS_PROXY]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://u:secret@x", "http://u:secret@a b", "http://u:secret@"})
  void aWrongProxyIsNamedWithoutItsPassword(String proxy) {
    assertThatThrownBy(() -> OutboundProxies.of(Map.of("HTTPS_PROXY", proxy)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("HTTPS_PROXY must be the URL of a proxy")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }
}
