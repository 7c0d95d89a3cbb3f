package dev.concert.coordinator.instance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.coordinator.egress.AgentNetwork;
import dev.concert.coordinator.event.ReplayBuffer;
import dev.concert.coordinator.ipc.AgentConnection;
import dev.concert.coordinator.ipc.AgentSocket;
import dev.concert.coordinator.ipc.CoordinatorFrame;
import dev.concert.coordinator.ipc.SocketPath;
import dev.concert.coordinator.process.AgentLog;
import dev.concert.coordinator.process.AgentProcess;
import dev.concert.coordinator.sandbox.LaunchSpec;
import dev.concert.coordinator.sandbox.Toolchains;
import dev.concert.podium.PodiumMessages.StartInstance;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts the process of an agent and waits until it is connected and ready, at most as long as the
 * agent protocol gives it. Used once; belongs to one event loop.
 */
final class ProcessLaunch {
  static final String CLOSE_FEED = "stop listening to the workspace";
  static final String CLOSE_ACCESS = "close the access to Ensemble";
  static final String RELEASE_USER = "release the agent's user";
  private static final String CLOSE_SOCKET = "close the agent's socket";
  private static final String CLOSE_NETWORK = "close the agent's network";

  private final InstanceServices services;
  private final StartInstance request;
  private final ReplayBuffer stream;
  private final StartContext start;
  private final Rollback rollback;
  private final Future<String> stop;
  private final Context context;
  private final Promise<Void> overrun = Promise.promise();
  private Optional<AgentNetwork> network = Optional.empty();

  ProcessLaunch(
      InstanceServices services,
      StartInstance request,
      ReplayBuffer stream,
      StartContext start,
      Rollback rollback,
      Future<String> stop) {
    this.services = services;
    this.request = request;
    this.stream = stream;
    this.start = start;
    this.rollback = rollback;
    this.stop = stop;
    this.context = services.vertx().getOrCreateContext();
  }

  Future<AgentRun> run() {
    return AgentSocket.open(services.vertx(), services.workers(), start.folder().socket())
        .compose(
            socket -> {
              rollback.add(CLOSE_SOCKET, () -> close(socket));
              return openNetwork()
                  .compose(opened -> spawn())
                  .compose(process -> connect(socket, process));
            });
  }

  /** Without a network of its own the agent uses that of this host, and needs no way out. */
  private Future<Void> openNetwork() {
    if (!services.sandbox().isolatesNetwork()) {
      return Future.succeededFuture();
    }
    SocketPath place = start.folder().socket();
    return services
        .networks()
        .open(
            request.sessionId(),
            request.tenantId(),
            start.deployment().manifest().egressPolicy(),
            start.access()::url,
            new AgentNetwork.Sockets(place.proxy(), place.ensemble()))
        .onSuccess(
            opened -> {
              network = Optional.of(opened);
              rollback.add(CLOSE_NETWORK, opened::close);
            })
        .mapEmpty();
  }

  private Future<Void> close(AgentSocket socket) {
    return socket
        .close()
        .compose(
            closed ->
                services
                    .workers()
                    .executeBlocking(
                        () -> {
                          socket.path().remove();
                          return null;
                        },
                        false));
  }

  private Future<AgentProcess> spawn() {
    Path folder = start.folder().folder();
    return services
        .workers()
        .executeBlocking(
            () -> {
              LaunchSpec launch = launch();
              launch.giveSockets();
              return AgentProcess.start(
                  launch,
                  start.limits(services),
                  services.sandbox(),
                  services.groups(),
                  services.starter(),
                  new AgentLog(folder, start.access().token()),
                  folder,
                  () -> overrun.tryComplete());
            },
            false);
  }

  private LaunchSpec launch() {
    Path sdk = services.catalog().pythonSdk();
    List<Path> readable =
        Stream.of(start.deployment().folder(), sdk).filter(Files::isDirectory).toList();
    return new LaunchSpec(
        request.instanceId(),
        request.agentType(),
        start.python(),
        List.of(start.python().executable().toString(), start.deployment().entry().toString()),
        readable,
        sdk,
        start.workspace(),
        start.folder().socket().socket(),
        start.folder().temp(),
        start.limits(services).scratch().bytes(),
        network.map(AgentNetwork::ports).orElse(List.of()),
        start.folder().user(),
        network.map(AgentNetwork::variables).orElse(Map.of()),
        toolchains());
  }

  /** Read anew for each agent: the developer may install another version at any time. */
  private Toolchains toolchains() {
    return services.options().toolchains().map(Toolchains::below).orElse(Toolchains.NONE);
  }

  private Future<AgentRun> connect(AgentSocket socket, AgentProcess process) {
    long timeout = services.options().timeouts().ready().toMillis();
    long deadline = System.nanoTime() / 1_000_000 + timeout;
    Promise<AgentConnection> connected = Promise.promise();
    socket.connection().onSuccess(connected::tryComplete);
    Future.fromCompletionStage(process.exit(), context)
        .onComplete(exit -> connected.tryFail(new Died("", false)));
    overrun
        .future()
        .onSuccess(over -> context.runOnContext(now -> connected.tryFail(new Died("", false))));
    stop.onSuccess(reason -> connected.tryFail(new Died(reason, true)));
    services
        .vertx()
        .setTimer(
            timeout, timer -> connected.tryFail(new Died("it did not connect in time", false)));
    return connected
        .future()
        .recover(failure -> neverConnected(process, failure))
        .compose(
            connection -> {
              long left = deadline - System.nanoTime() / 1_000_000;
              return begin(
                  new AgentParts(
                      stream,
                      start.feed(),
                      start.state(),
                      process,
                      socket,
                      network,
                      connection,
                      start.access()),
                  left);
            });
  }

  /** The process is not wanted any more, or is gone, before it connected. */
  private static final class Died extends RuntimeException {
    private final boolean stopped;

    Died(String why, boolean stopped) {
      super(why, null, false, false);
      this.stopped = stopped;
    }
  }

  private Future<AgentConnection> neverConnected(AgentProcess process, Throwable died) {
    boolean stopped = died instanceof Died known && known.stopped;
    return services
        .workers()
        .executeBlocking(process::end, false)
        .compose(
            status ->
                Future.failedFuture(
                    stopped
                        ? ExitReason.stoppedMeanwhile()
                        : new ExitReason.Crashed(died.getMessage()).toException(status)));
  }

  /** From here on the run answers for everything but the workspace. */
  private Future<AgentRun> begin(AgentParts parts, long timeoutMs) {
    AgentRun run = new AgentRun(services, request, parts);
    List.of(CLOSE_SOCKET, CLOSE_NETWORK, CLOSE_ACCESS, CLOSE_FEED, RELEASE_USER)
        .forEach(rollback::forget);
    overrun
        .future()
        .onSuccess(over -> context.runOnContext(now -> run.end(new ExitReason.Crashed(""))));
    Future<Void> ready = run.begin(init(), timeoutMs);
    stop.onSuccess(
        reason -> {
          if (!ready.isComplete()) {
            run.end(new ExitReason.Stopped(reason));
          }
        });
    return ready
        .map(run)
        .recover(failure -> run.ended().compose(gone -> Future.failedFuture(failure)));
  }

  private CoordinatorFrame.Init init() {
    ObjectNode config = start.config().deepCopy();
    if (!config.has("max_tokens")) {
      config.put("max_tokens", services.options().maxTokens());
    }
    config.put("model", request.model() == null ? start.access().defaultModel() : request.model());
    config.put(
        "ensemble_url",
        network.map(AgentNetwork::ensembleUrl).orElseGet(() -> start.access().url().toString()));
    config.put("ensemble_api_key", start.access().token());
    return new CoordinatorFrame.Init(
        request.instanceId(),
        request.agentType(),
        start.workspace().toString(),
        config,
        start.state().document());
  }
}
