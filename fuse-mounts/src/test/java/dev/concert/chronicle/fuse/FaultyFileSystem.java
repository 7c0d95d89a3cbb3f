package dev.concert.chronicle.fuse;

import dev.concert.chronicle.tree.FileSystem;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;

/** A filesystem that does something bad before it does what it is asked. */
final class FaultyFileSystem {
  private final FileSystem sound;
  private volatile BiConsumer<String, Object[]> fault = (operation, arguments) -> {};

  FaultyFileSystem(FileSystem sound) {
    this.sound = sound;
  }

  /** Gets the name of each operation and its arguments, and may throw or wait. */
  void inject(BiConsumer<String, Object[]> next) {
    fault = next;
  }

  void injectNothing() {
    fault = (operation, arguments) -> {};
  }

  FileSystem asFileSystem() {
    return (FileSystem)
        Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, this::invoke);
  }

  private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    fault.accept(method.getName(), arguments);
    try {
      return method.invoke(sound, arguments);
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    }
  }
}
