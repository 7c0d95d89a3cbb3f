package dev.concert.coordinator.egress.policy;

import static dev.concert.coordinator.egress.policy.SomePolicy.allowing;
import static dev.concert.coordinator.egress.policy.SomePolicy.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a destination becomes: the addresses to connect to, or a refusal. */
@Timeout(120)
class EgressGateTest {
  private static final URI ENSEMBLE = URI.create("http://127.0.0.1:4000");
  private static final Set<Integer> OWN = Set.of(8080);

  private final Vertx vertx = Vertx.vertx();
  private final WorkerExecutor workers = vertx.createSharedWorkerExecutor("lookup", 4);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private EgressGate gate(NameLookup lookup, EgressPolicy operator, EgressPolicy... manifest) {
    return new EgressGate(
        vertx,
        operator,
        Stream.of(manifest).findFirst(),
        new OwnServers(() -> OWN, () -> ENSEMBLE),
        lookup,
        workers,
        new EgressLimits(64, 2, Duration.ofSeconds(10), Duration.ofMinutes(1)));
  }

  private static NameLookup to(String... addresses) {
    return _ -> Stream.of(addresses).map(InetAddress::ofLiteral).toList();
  }

  private List<InetAddress> admit(EgressGate gate, String destination) {
    Destination wanted = Destination.parse(destination).orElseThrow();
    CompletableFuture<List<InetAddress>> admitted = new CompletableFuture<>();
    vertx.runOnContext(
        _ ->
            gate.admit(wanted)
                .onSuccess(admitted::complete)
                .onFailure(admitted::completeExceptionally));
    try {
      return admitted.join();
    } catch (CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  /** Forms that mean an address of this host or network, as an agent may write them. */
  static Stream<String> formsOfPrivateAddresses() {
    return Stream.of(
        "127.0.0.1:80",
        "127.8.9.1:80",
        "127.1:80",
        "0:80",
        "0.0.0.0:80",
        "2130706433:80",
        "3232235777:80",
        "localhost:80",
        "LOCALHOST.:80",
        "10.0.0.1:443",
        "10.1:443",
        "172.16.0.1:443",
        "172.31.255.255:443",
        "192.168.1.1:443",
        "169.254.169.254:80",
        "168.63.129.16:80",
        "100.64.0.1:80",
        "100.100.100.200:80",
        "192.0.0.192:80",
        "198.18.0.1:80",
        "224.0.0.1:80",
        "255.255.255.255:80",
        "[::1]:80",
        "[::]:80",
        "[0:0:0:0:0:0:0:1]:80",
        "[::127.0.0.1]:80",
        "[::ffff:10.0.0.1]:80",
        "[::ffff:127.0.0.1]:80",
        "[::ffff:7f00:1]:80",
        "[::ffff:0:10.0.0.1]:80",
        "[::ffff:0:a9fe:a9fe]:80",
        "[64:ff9b::a00:1]:80",
        "[64:ff9b:1::a00:1]:80",
        "[2002:a00:1::1]:80",
        "[2001:0:a00:1::1]:80",
        "[fd00:ec2::254]:80",
        "[fe80::1]:80",
        "[fec0::1]:80",
        "[ff02::1]:80",
        "[4000::1]:80");
  }

  @ParameterizedTest
  @MethodSource("formsOfPrivateAddresses")
  void noFormOfAnAddressThatIsNotPublicPasses(String destination) {
    assertThatThrownBy(() -> admit(gate(NameLookup.OF_HOST, open()), destination))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isIn(403, 502))
        .hasMessageEndingWith(".");
  }

  @ParameterizedTest
  @MethodSource("formsOfPrivateAddresses")
  void aNameThatResolvesToSuchAnAddressDoesNotPassEither(String destination) throws Exception {
    String host = Destination.parse(destination).orElseThrow().host();
    InetAddress address = InetAddress.getAllByName(host)[0];

    assertThatThrownBy(() -> admit(gate(_ -> List.of(address), open()), "evil.example:443"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("evil.example:443 resolves to " + address.getHostAddress());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"})
  void aPublicAddressPasses(String address) {
    assertThat(admit(gate(to(address), open()), "host.example:443"))
        .containsExactly(InetAddress.ofLiteral(address));
  }

  @Test
  void ofSeveralAddressesOnlyThePublicOnesAreTried() {
    assertThat(admit(gate(to("10.0.0.1", "1.1.1.1", "::1"), open()), "mixed.example:443"))
        .containsExactly(InetAddress.ofLiteral("1.1.1.1"));
  }

  @Test
  void theAddressThatWasCheckedIsConnectedToAndTheNameIsResolvedOnce() {
    AtomicInteger asked = new AtomicInteger();
    NameLookup rebinding =
        _ -> List.of(InetAddress.ofLiteral(asked.incrementAndGet() == 1 ? "1.1.1.1" : "10.0.0.1"));

    List<InetAddress> admitted = admit(gate(rebinding, open()), "rebinding.example:443");

    assertThat(asked).hasValue(1);
    assertThat(admitted).containsExactly(InetAddress.ofLiteral("1.1.1.1"));
    assertThat(admitted.getFirst().toString()).isEqualTo("/1.1.1.1"); // no name to resolve again
  }

  @ParameterizedTest
  @CsvSource({
    // entry, wanted, address that it has, passes
    "10.1.2.3:8081, 10.1.2.3:8081, 10.1.2.3, true",
    "10.1.2.3:8081, 10.1.2.3:8082, 10.1.2.3, false",
    "10.1.2.3:8081, npm.corp:8081, 10.1.2.3, false",
    "10.1.2.3, 10.1.2.3:8081, 10.1.2.3, false",
    "npm.corp:8081, npm.corp:8081, 10.1.2.3, true",
    "npm.corp:8081, NPM.corp.:8081, 10.1.2.3, true",
    "npm.corp:8081, npm.corp:8081, 127.0.0.1, true",
    "*.corp:8081, npm.corp:8081, 10.1.2.3, false",
    "npm.corp:80, npm.corp:80, 169.254.169.254, false",
    "169.254.169.254:80, 169.254.169.254:80, 169.254.169.254, true",
    "'[fd00::1]:443', '[fd00:0:0::1]:443', fd00::1, true",
    "'[::ffff:10.1.2.3]:443', 10.1.2.3:443, 10.1.2.3, true",
    "127.0.0.1:8080, 127.0.0.1:8080, 127.0.0.1, false",
    "localhost:8080, localhost:8080, ::1, false",
    "gateway.corp:8080, gateway.corp:8080, 127.3.3.3, false",
    "127.0.0.1:4000, 127.0.0.1:4000, 127.0.0.1, false",
    "ensemble.corp:4000, ensemble.corp:4000, ::1, false"
  })
  void aPrivateAddressPassesOnlyWhereAnEntryNamesHostAndPortAndNeverToConcertItself(
      String entry, String wanted, String address, boolean passes) {
    EgressGate gate = gate(to(address), open(entry));

    if (passes) {
      assertThat(admit(gate, wanted)).hasSize(1);
    } else {
      assertThatThrownBy(() -> admit(gate, wanted)).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void concertsPortsAreOutOfReachOnEveryAddressOfThisHost() throws Exception {
    List<InetAddress> addresses =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLinkLocalAddress())
            .toList();
    assertThat(addresses).isNotEmpty();
    for (InetAddress address : addresses) {
      String literal = address.getHostAddress().replaceAll("%.*", ""); // the interface's name
      String wanted = (literal.contains(":") ? "[%s]:8080" : "%s:8080").formatted(literal);

      assertThatThrownBy(() -> admit(gate(_ -> List.of(address), open(wanted)), wanted))
          .isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void theManifestNarrowsThePolicyOfTheOperatorAndNeverWidensIt() {
    NameLookup anywhere = to("1.1.1.1");
    EgressPolicy manifest =
        EgressPolicy.of(EgressPolicy.Mode.ALLOW_LIST, List.of("pypi.org"), "agent.json");
    EgressPolicy eager =
        EgressPolicy.of(EgressPolicy.Mode.OPEN, List.of("10.0.0.1:80"), "agent.json");

    assertThat(admit(gate(anywhere, open(), manifest), "pypi.org:443")).hasSize(1);
    assertThatThrownBy(() -> admit(gate(anywhere, open(), manifest), "evil.example:443"))
        .hasMessageContaining("does not allow evil.example:443")
        .hasMessageContaining("agent.json");
    assertThatThrownBy(() -> admit(gate(anywhere, allowing("npm.org"), manifest), "pypi.org:443"))
        .hasMessageContaining("coordinator.egress");
    assertThatThrownBy(() -> admit(gate(NameLookup.OF_HOST, open(), eager), "10.0.0.1:80"))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void aNameWithoutAddressAndOneThatTakesTooLongAreSaidSo() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    EgressGate slow =
        new EgressGate(
            vertx,
            open(),
            Optional.empty(),
            new OwnServers(() -> OWN, () -> ENSEMBLE),
            _ -> {
              try {
                never.await();
                return List.of();
              } catch (InterruptedException e) {
                throw new UnknownHostException();
              }
            },
            workers,
            new EgressLimits(64, 2, Duration.ofMillis(50), Duration.ofMinutes(1)));
    NameLookup unknown =
        host -> {
          throw new UnknownHostException(host);
        };

    assertThatThrownBy(() -> admit(gate(unknown, open()), "nowhere.example:443"))
        .hasMessage("The name nowhere.example does not resolve to an address.");
    assertThatThrownBy(() -> admit(slow, "slow.example:443"))
        .hasMessage("The name slow.example could not be resolved in time.");
    never.countDown();
  }

  @Test
  void aTimeoutIsAnsweredOnTheEventLoopThatAsked() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    EgressGate slow =
        new EgressGate(
            vertx,
            open(),
            Optional.empty(),
            new OwnServers(() -> OWN, () -> ENSEMBLE),
            _ -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return List.of();
            },
            workers,
            new EgressLimits(64, 2, Duration.ofMillis(50), Duration.ofMinutes(1)));
    Context loop = vertx.getOrCreateContext();
    CompletableFuture<Context> answeredOn = new CompletableFuture<>();

    loop.runOnContext(
        _ ->
            slow.admit(Destination.parse("slow.example:443").orElseThrow())
                .onFailure(_ -> answeredOn.complete(Vertx.currentContext())));

    assertThat(answeredOn.get(3, TimeUnit.MINUTES)).isEqualTo(loop);
    never.countDown();
  }

  @Test
  void oneAgentWithNamesThatNeverResolveTakesFewThreadsFromOthers() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger held = new AtomicInteger();
    EgressGate hostile =
        gate(
            _ -> {
              held.incrementAndGet();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return List.of();
            },
            open());
    List<Future<?>> asked = new ArrayList<>();
    vertx.runOnContext(
        _ -> {
          for (int i = 0; i < 50; i++) {
            asked.add(hostile.admit(new Destination("slow%d.example".formatted(i), 443)));
          }
        });

    // The pool has four threads: another agent still gets its answer.
    assertThat(admit(gate(to("1.1.1.1"), open()), "fast.example:443")).hasSize(1);
    assertThat(held.get()).isLessThanOrEqualTo(2);
    never.countDown();
  }
}
