package dev.concert.coordinator.instance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.coordinator.Host;
import dev.concert.coordinator.event.EventStream;
import dev.concert.coordinator.ipc.AgentConnection;
import dev.concert.coordinator.ipc.AgentSocket;
import dev.concert.coordinator.ipc.CoordinatorFrame;
import dev.concert.coordinator.sandbox.AgentLaunch;
import dev.concert.coordinator.sandbox.AgentLog;
import dev.concert.coordinator.sandbox.AgentProcess;
import dev.concert.podium.PodiumMessages.StartInstance;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts the process of an agent and waits until it is connected and ready, at most as long as the
 * agent protocol gives it. Used once; belongs to one event loop.
 */
final class Launch {
  static final String CLOSE_FEED = "stop listening to the workspace";
  static final String CLOSE_ACCESS = "close the access to Ensemble";
  private static final String CLOSE_SOCKET = "close the agent's socket";

  private final Host host;
  private final StartInstance request;
  private final EventStream stream;
  private final Startup.Site site;
  private final Undo undo;
  private final Future<String> stop;
  private final Context context;
  private final Promise<Void> overrun = Promise.promise();

  Launch(
      Host host,
      StartInstance request,
      EventStream stream,
      Startup.Site site,
      Undo undo,
      Future<String> stop) {
    this.host = host;
    this.request = request;
    this.stream = stream;
    this.site = site;
    this.undo = undo;
    this.stop = stop;
    this.context = host.vertx().getOrCreateContext();
  }

  Future<AgentRun> run() {
    return AgentSocket.open(host.vertx(), host.workers(), site.folder().socket())
        .compose(
            socket -> {
              undo.add(CLOSE_SOCKET, () -> close(socket));
              return spawn().compose(process -> connect(socket, process));
            });
  }

  private Future<Void> close(AgentSocket socket) {
    return socket
        .close()
        .compose(
            closed ->
                host.workers()
                    .executeBlocking(
                        () -> {
                          socket.path().remove();
                          return null;
                        },
                        false));
  }

  private Future<AgentProcess> spawn() {
    Path folder = site.folder().folder();
    return host.workers()
        .executeBlocking(
            () ->
                AgentProcess.start(
                    launch(),
                    host.sandbox(),
                    host.limits(),
                    host.starter(),
                    new AgentLog(folder, site.access().token()),
                    folder,
                    () -> overrun.tryComplete()),
            false);
  }

  private AgentLaunch launch() {
    Path sdk = host.catalog().pythonSdk();
    List<Path> readable =
        Stream.of(site.deployment().folder(), sdk).filter(Files::isDirectory).toList();
    return new AgentLaunch(
        request.instanceId(),
        request.agentType(),
        site.python(),
        site.deployment().entry(),
        readable,
        sdk,
        site.workspace(),
        site.folder().socket().socket(),
        site.folder().scratch());
  }

  private Future<AgentRun> connect(AgentSocket socket, AgentProcess process) {
    long patience = host.options().patience().ready().toMillis();
    long deadline = System.nanoTime() / 1_000_000 + patience;
    Promise<AgentConnection> connected = Promise.promise();
    socket.connection().onSuccess(connected::tryComplete);
    Future.fromCompletionStage(process.exit(), context)
        .onComplete(exit -> connected.tryFail(new Died("", false)));
    overrun.future().onSuccess(over -> connected.tryFail(new Died(tooMany(), false)));
    stop.onSuccess(reason -> connected.tryFail(new Died(reason, true)));
    host.vertx()
        .setTimer(
            patience, timer -> connected.tryFail(new Died("it did not connect in time", false)));
    return connected
        .future()
        .recover(failure -> neverConnected(process, failure))
        .compose(
            connection -> {
              long left = deadline - System.nanoTime() / 1_000_000;
              return begin(
                  new AgentParts(stream, site.feed(), site.state(), process, socket, connection),
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
    return host.workers()
        .executeBlocking(process::end, false)
        .compose(
            status ->
                Future.failedFuture(
                    stopped
                        ? Death.stoppedMeanwhile()
                        : new Death.Crashed(died.getMessage()).toException(status)));
  }

  /** From here on the run answers for everything but the workspace. */
  private Future<AgentRun> begin(AgentParts parts, long patienceMs) {
    AgentRun run = new AgentRun(host, request, parts);
    List.of(CLOSE_SOCKET, CLOSE_ACCESS, CLOSE_FEED).forEach(undo::forget);
    overrun
        .future()
        .onSuccess(over -> context.runOnContext(now -> run.end(new Death.Crashed(tooMany()))));
    Future<Void> ready = run.begin(init(), patienceMs);
    stop.onSuccess(
        reason -> {
          if (!ready.isComplete()) {
            run.end(new Death.Stopped(reason));
          }
        });
    return ready
        .map(run)
        .recover(failure -> run.ended().compose(gone -> Future.failedFuture(failure)));
  }

  private String tooMany() {
    return "it had more than %d processes".formatted(host.options().limits().processes());
  }

  private CoordinatorFrame.Init init() {
    ObjectNode config = site.deployment().manifest().config().deepCopy();
    if (!config.has("max_tokens")) {
      config.put("max_tokens", host.options().maxTokens());
    }
    config.put("model", request.model() == null ? site.access().defaultModel() : request.model());
    config.put("ensemble_url", site.access().url());
    config.put("ensemble_api_key", site.access().token());
    return new CoordinatorFrame.Init(
        request.instanceId(),
        request.agentType(),
        site.workspace().toString(),
        config,
        site.state().document());
  }
}
