package dev.concert.chronicle.replication;

import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.files.ReplicaFolders;
import dev.concert.chronicle.replication.wire.Transport;
import dev.concert.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends a replica between two of its steps, as a killed process ends: nothing is done any more. A
 * step is a change of its files, a note that it made to itself (of which its listener is told), or
 * a message. Thread-safe.
 */
final class KillSwitch {
  private static final Set<String> STEPS =
      Set.of("put", "delete", "moveAside", "make", "remove", "open");

  /** What a killed replica dies of. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private volatile boolean tripped;

  /** The replica lives for so many steps more. */
  void after(int steps) {
    left.set(steps);
  }

  boolean isTripped() {
    return tripped;
  }

  /** A new replica is started. */
  void reset() {
    left.set(Integer.MAX_VALUE);
    tripped = false;
  }

  /** Returns when it is complete, or the replica was killed, by whichever of its threads. */
  void await(CompletableFuture<?> work) throws ExecutionException, InterruptedException {
    Await.until(() -> tripped || work.isDone());
    if (!tripped) {
      work.get();
    }
  }

  private void step() {
    if (tripped || left.getAndDecrement() <= 0) {
      tripped = true;
      throw new Killed();
    }
  }

  ReplicaFiles files(ReplicaFiles files) {
    return proxy(
        ReplicaFiles.class,
        (_, method, arguments) -> {
          boolean counts = STEPS.contains(method.getName());
          Object result = call(counts, () -> method.invoke(files, arguments));
          return result instanceof ReplicaFolders folders ? folders(folders) : result;
        });
  }

  private ReplicaFolders folders(ReplicaFolders folders) {
    return proxy(
        ReplicaFolders.class,
        (_, method, arguments) ->
            call(STEPS.contains(method.getName()), () -> method.invoke(folders, arguments)));
  }

  ReplicaListener listener(ReplicaListener listener) {
    return proxy(
        ReplicaListener.class,
        (_, method, arguments) -> {
          step();
          return call(false, () -> method.invoke(listener, arguments));
        });
  }

  Transport transport(Transport transport) {
    return new Transport() {
      @Override
      public InputStream input() throws IOException {
        return transport.input();
      }

      @Override
      public OutputStream output() throws IOException {
        OutputStream output = transport.output();
        return new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            step();
            output.write(bytes, offset, length);
            step();
          }
        };
      }

      @Override
      public void close() {
        transport.close();
      }
    };
  }

  @FunctionalInterface
  private interface Call {
    Object make() throws ReflectiveOperationException;
  }

  private Object call(boolean counts, Call call) throws Throwable {
    try {
      if (counts) {
        step();
      }
      Object result = call.make();
      if (counts) {
        step();
      }
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
