package dev.concert.chronicle.binding;

import dev.concert.chronicle.tree.FileSystem;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;

/** A filesystem that does something bad before it does what it is asked. */
public final class FaultyFileSystem {
  private final FileSystem sound;
  private volatile BiConsumer<String, Object[]> fault = (operation, arguments) -> {};

  public FaultyFileSystem(FileSystem sound) {
    this.sound = sound;
  }

  /** Gets the name of each operation and its arguments, and may throw or wait. */
  public void inject(BiConsumer<String, Object[]> next) {
    fault = next;
  }

  public void injectNothing() {
    fault = (operation, arguments) -> {};
  }

  public FileSystem asFileSystem() {
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
