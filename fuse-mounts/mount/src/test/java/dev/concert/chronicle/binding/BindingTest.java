package dev.concert.chronicle.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.concert.chronicle.fuse.KernelBinding;
import dev.concert.chronicle.jnr.JnrFuseBinding;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.VersionedTree;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Each binding over a filesystem that fails: what it does wrong reaches the process as an errno,
 * never as success.
 */
@RequiresFuse
@ParameterizedClass(name = "{0}")
@MethodSource("bindings")
class BindingTest {
  /** Operations that libfuse 2 has no callback for. */
  private static final Set<String> KERNEL_ONLY = Set.of("seek", "copy", "renameToNew", "exchange");

  private static final String OPERATIONS =
      """
      status           ; os.stat('never-seen')
      statusOfOpen     ; os.open('new-%d' % os.getpid(), os.O_CREAT | os.O_RDWR)
      fileSystemStatus ; os.statvfs('.')
      readLink         ; os.readlink('link')
      openDirectory    ; os.listdir('folder')
      readDirectory    ; os.listdir('folder')
      makeNode         ; os.mkfifo('fresh2')
      makeDirectory    ; os.mkdir('fresh3')
      removeDirectory  ; os.rmdir('folder')
      unlink           ; os.unlink('file')
      symlink          ; os.symlink('x', 'fresh4')
      rename           ; os.rename('file', 'fresh5')
      link             ; os.link('file', 'fresh6')
      changeMode       ; os.chmod('file', 0o600)
      changeOwner      ; os.chown('file', os.getuid(), os.getgid())
      changeTimes      ; os.utime('file', (1, 1))
      truncate         ; os.truncate('file', 3)
      truncateOpen     ; os.ftruncate(fd, 2)
      open             ; os.open('file', os.O_RDONLY)
      reopen           ; [os.unlink('gone'), os.open('/proc/self/fd/%d' % gone, os.O_RDWR)]
      create           ; os.open('more-%d' % os.getpid(), os.O_CREAT | os.O_RDWR)
      readsDirectly    ; os.open('file', os.O_RDONLY)
      read             ; os.read(fd, 10)
      write            ; os.write(fd, b'x')
      allocate         ; os.posix_fallocate(fd, 0, 10000)
      flush            ; os.close(fd)
      sync             ; os.fsync(fd)
      seek             ; os.lseek(fd, 0, os.SEEK_DATA)
      copy             ; os.copy_file_range(fd, fd, 1, 0, 4)
      attribute        ; os.getxattr('file', 'user.a')
      attributes       ; os.listxattr('file')
      setAttribute     ; os.setxattr('file', 'user.a', b'1')
      removeAttribute  ; os.removexattr('file', 'user.a')
      renameToNew      ; rename2('file', 'fresh7', 1)
      exchange         ; rename2('file', 'folder', 2)
      changeModeOpen   ; [os.unlink('gone'), os.fchmod(gone, 0o600)]
      changeOwnerOpen  ; [os.unlink('gone'), os.fchown(gone, os.getuid(), os.getgid())]
      changeTimesOpen  ; [os.unlink('gone'), os.utime(gone, (1, 1))]
      """;

  /** Each injected fault is logged with its stack trace, as it has to be. */
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.concert.chronicle");

  @TempDir static Path home;
  private static MountBinding binding;
  private static FaultyFileSystem faulty;
  private static MountedFileSystem mount;
  private static Shell shell;

  static List<Named<MountBinding>> bindings() {
    return Stream.of(new KernelBinding(), new JnrFuseBinding())
        .map(one -> Named.<MountBinding>of(one.name(), one))
        .toList();
  }

  @Parameter MountBinding parameter;

  @BeforeParameterizedClassInvocation
  static void mount(MountBinding parameter) throws IOException {
    Optional<String> missing = parameter.missing();
    assumeTrue(missing.isEmpty(), () -> parameter.name() + " cannot mount here: " + missing.get());
    LOG.setLevel(Level.OFF);
    binding = parameter;
    Path root = Files.createDirectory(home.resolve(binding.name()));
    Path tree = Files.createDirectory(root.resolve("tree"));
    Path orphans = Files.createDirectory(root.resolve("orphans"));
    Path place = Files.createDirectory(root.resolve("mount"));
    faulty = new FaultyFileSystem(VersionedTree.open(tree, orphans, new Forgetful()));
    mount = binding.mount("test", place, faulty.asFileSystem());
    shell = new Shell(place);
    shell.run("echo content > file; mkdir folder; ln -s file link");
  }

  @AfterParameterizedClassInvocation
  static void unmount() {
    LOG.setLevel(null);
    if (mount != null) {
      mount.unmount();
      binding.close();
      mount = null;
    }
  }

  @AfterEach
  void mend() {
    faulty.injectNothing();
  }

  @ParameterizedTest
  @CsvSource(textBlock = OPERATIONS, delimiter = ';')
  void an_exception_in_any_operation_reaches_the_process_as_an_error(
      String operation, String python) {
    assumeAsked(operation);
    assertThat(errnoWhileFailing(operation, python, new IllegalStateException("injected")))
        .isEqualTo(Errno.EIO);
    assertThat(errnoWhileFailing(operation, python, new StackOverflowError("injected")))
        .isEqualTo(Errno.EIO);
  }

  @ParameterizedTest
  @CsvSource(textBlock = OPERATIONS, delimiter = ';')
  void a_refusal_reaches_the_process_with_its_own_errno(String operation, String python) {
    assumeAsked(operation);
    assertThat(errnoWhileFailing(operation, python, new PosixException(Errno.ENOSPC, "injected")))
        .isEqualTo(Errno.ENOSPC);
  }

  private static void assumeAsked(String operation) {
    assumeTrue(
        binding instanceof KernelBinding || !KERNEL_ONLY.contains(operation),
        () -> "libfuse 2 does not know " + operation);
  }

  private static int errnoWhileFailing(String operation, String python, Throwable failure) {
    faulty.inject(
        (name, arguments) -> {
          // Without the root the process that shall see the fault could not even start in it.
          boolean ofRoot = name.equals("status") && "".equals(arguments[0]);
          if (name.equals(operation) && !ofRoot) {
            throw sneaky(failure);
          }
        });
    // The file is opened before the fault can matter to it, except to the operations on opening.
    String script =
        """
        import ctypes, os
        def rename2(source, target, flags):
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.renameat2(-100, source.encode(), -100, target.encode(), flags):
                raise OSError(ctypes.get_errno(), source)
        if 'gone' in "%s": gone = os.open('gone', os.O_CREAT | os.O_RDWR)
        fd = -1
        if '(fd' in "%s": faulty = os.open('file', os.O_RDWR); fd = faulty
        try:
            %s
            print(0)
        except OSError as e:
            print(e.errno)
        os._exit(0)
        """
            .formatted(python, python, python);
    return Integer.parseInt(shell.run("python3 -Iu -c '" + script.replace("'", "'\\''") + "'"));
  }

  private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
    @SuppressWarnings("unchecked")
    T thrown = (T) failure;
    throw thrown;
  }

  @Test
  void a_slow_request_does_not_hold_up_others() {
    assumeTrue(binding instanceof KernelBinding, "one thread serves a mount of libfuse");
    CountDownLatch others = new CountDownLatch(1);
    // Not what changes a folder: meanwhile the kernel itself keeps others out of that.
    faulty.inject(
        (operation, arguments) -> {
          if (operation.equals("sync")) {
            await(others);
          }
        });
    Thread slow =
        Thread.ofVirtual()
            .start(
                () ->
                    shell.run(
                        "for i in 1 2 3 4 5 6; do (echo x > slow$i; sync slow$i) & done; wait"));
    shell.run(
        "mkdir quick; for i in $(seq 50); do echo $i > quick/$i; cat quick/$i > /dev/null; done");
    assertThat(slow.isAlive()).isTrue();
    others.countDown();
    join(slow);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
