package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.Shell;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tools ask of a filesystem, asked by a shell and by Python. */
@RequiresFuse
class RealToolsTest {
  @TempDir static Path home;
  private static Chronicle chronicle;
  private static Shell shell;

  @BeforeAll
  static void mount() {
    chronicle = Chronicle.fuse(home);
    shell = new Shell(chronicle.mount("w"));
  }

  @AfterAll
  static void unmount() {
    chronicle.close();
  }

  @Test
  void what_is_written_by_a_name_that_is_gone_is_an_iteration_of_the_files_other_name() {
    shell.run(
        """
        echo before > gone; ln gone stays
        exec 5<> gone; rm gone; echo after >&5; exec 5>&-
        """);
    Await.until(() -> chronicle.history("w", "stays").size() == 2);
    assertThat(shell.run("cat .chronicle/at/2/stays")).isEqualTo("after");
  }

  @Test
  void a_mapped_file_that_is_emptied_while_it_is_written_back_stays_empty() {
    assertThat(
            shell.run(
                """
                python3 - <<'P'
                import ctypes, mmap, os
                kernel, start_writing, wrong = ctypes.CDLL(None), 2, 0
                for turn in range(50):
                    fd = os.open("mapped", os.O_RDWR | os.O_CREAT)
                    os.ftruncate(fd, 1 << 20)
                    pages = mmap.mmap(fd, 1 << 20)
                    pages[:] = b"x" * (1 << 20)
                    kernel.sync_file_range(fd, ctypes.c_long(0), ctypes.c_long(0), start_writing)
                    os.close(os.open("mapped", os.O_WRONLY | os.O_TRUNC))
                    os.fsync(fd)
                    wrong += os.stat(os.getcwd().replace("/mount", "/tree") + "/mapped").st_size > 0
                    pages.close(); os.close(fd)
                print(wrong)
                P
                """))
        .isEqualTo("0");
  }

  @Test
  void an_editor_saves_by_renaming_and_the_history_goes_on() {
    shell.run("echo old > doc; echo new > .doc.swp; mv .doc.swp doc");
    List<FileIteration> history = chronicle.history("w", "doc");
    assertThat(history).extracting(FileIteration::iteration).containsExactly(1L, 2L);
    assertThat(chronicle.at("w", "doc", 1).content()).isEqualTo("old\n");
    assertThat(chronicle.at("w", "doc", 2).content()).isEqualTo("new\n");
  }

  @Test
  void appending_truncating_and_holes_read_back_as_written() {
    shell.run("printf abc > log; printf def >> log; printf ghi >> log; truncate -s 4 log");
    assertThat(chronicle.read("w", "log").content()).isEqualTo("abcd");
    assertThat(chronicle.history("w", "log")).hasSize(4);
    assertThat(
            shell.run(
                "truncate -s 3M hole; printf x | dd of=hole bs=1 seek=2000000 conv=notrunc"
                    + " 2>/dev/null; du -k hole | cut -f1; md5sum < hole"))
        .isEqualTo(
            shell.run(
                "cd /tmp; f=$(mktemp); truncate -s 3M $f; printf x | dd of=$f bs=1 seek=2000000"
                    + " conv=notrunc 2>/dev/null; du -k $f | cut -f1; md5sum < $f; rm $f"));
  }

  @Test
  void an_unlinked_file_stays_readable_and_out_of_sight_while_it_is_open() {
    assertThat(
            shell.run(
                """
                mkdir d; python3 - <<'P'
                import os, tempfile
                f = open('d/gone', 'w+'); f.write('still here'); f.flush()
                os.unlink('d/gone')
                assert os.listdir('d') == [], os.listdir('d')
                os.rmdir('d')
                f.write('!'); f.flush(); f.seek(0)
                with tempfile.TemporaryFile(dir='.') as t:
                    t.write(b'x'); t.flush(); assert os.fstat(t.fileno()).st_size == 1
                print(f.read())
                P
                ls -A | grep fuse_hidden || true
                """))
        .isEqualTo("still here!");
  }

  @Test
  void renaming_over_an_open_file_leaves_its_reader_with_the_old_one() {
    assertThat(
            shell.run(
                """
                echo old > target; echo new > source
                exec 7< target; mv source target; cat <&7; cat target
                """))
        .isEqualTo("old\nnew");
  }

  @Test
  void two_writers_at_once_lose_nothing() {
    assertThat(
            shell.run(
                """
                for w in a b; do (for i in $(seq 300); do echo $w$i >> both; done) & done; wait
                sort both | uniq | wc -l; for f in $(seq 40); do (seq $f 400 > many-$f) & done; wait
                cat many-* | wc -l
                """))
        .isEqualTo("600\n15220");
  }

  @Test
  void a_folder_of_two_thousand_entries_lists_and_goes_away() {
    assertThat(
            shell.run(
                "mkdir big; (cd big; touch $(seq 2000)); ls big | wc -l; rm -r big; ls -d big 2>&1"
                    + " | wc -l"))
        .isEqualTo("2000\n1");
  }

  @Test
  void shared_memory_is_read_and_what_is_written_to_it_becomes_an_iteration() {
    assertThat(
            shell.run(
                """
                python3 - <<'P'
                import mmap
                open('mapped', 'wb').write(b'a' * 8192)
                with open('mapped', 'r+b') as f:
                    m = mmap.mmap(f.fileno(), 0)
                    assert m[5000:5003] == b'aaa'
                    m[5000:5003] = b'bcd'
                    m.flush(); m.close()
                print(open('mapped','rb').read()[4999:5004].decode())
                P
                """))
        .isEqualTo("abcda");
    Await.until(() -> chronicle.history("w", "mapped").size() == 2);
    assertThat(chronicle.at("w", "mapped", 2).content().substring(4999, 5004)).isEqualTo("abcda");
  }

  @Test
  void modes_owners_times_and_links_are_kept() {
    assertThat(
            shell.run(
                """
                echo x > m; chmod 640 m; touch -d '2001-02-03 04:05:06.789 UTC' m; ln m n; ln -s m l
                stat -c '%a %h %s' n; date -u -r m +%Y-%m-%dT%H:%M:%S.%3N; readlink l; cat n l
                mkfifo p; mkdir -m 1777 t; stat -c '%F %a' p t; stat -f -c %T . ; df . | tail -1 | cut -d' ' -f1
                """))
        .isEqualTo(
            "640 2 2\n"
                + "2001-02-03T04:05:06.789\n"
                + "m\n"
                + "x\n"
                + "x\n"
                + "fifo 644\n"
                + "directory 1777\n"
                + "fuseblk\n"
                + "concert");
  }

  @Test
  void a_file_belongs_to_the_user_who_runs_the_tests() {
    assertThat(
            shell.run(
                """
                (umask 027; echo x > f; mkdir g; ln -s f s)
                test "$(stat -c '%u:%g' f g s | sort -u)" = "$(id -u):$(id -g)"
                stat -c %a f g
                """))
        .isEqualTo("640\n750");
  }

  @Test
  @RequiresRoot("becomes another user")
  void a_file_belongs_to_the_user_who_made_it() {
    assertThat(
            shell.run(
                """
                mkdir -m 777 open; cd open
                setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'umask 027; echo x > f; mkdir g; ln -s f s'
                stat -c '%u:%g %a' f g; stat -c '%u' s
                setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'echo y > ../root-file' 2>&1 | grep -c denied
                """))
        .isEqualTo("65534:65534 640\n65534:65534 750\n65534\n1");
  }

  @Test
  void names_of_any_script_and_of_255_bytes_work() {
    shell.run(
        "echo 1 > 'naïve 文件 😀.txt'; echo 2 > $(printf 'n%.0s' $(seq 255)); echo 3 >"
            + " 'back\\slash'");
    assertThat(chronicle.read("w", "naïve 文件 😀.txt").content()).isEqualTo("1\n");
    assertThat(chronicle.read("w", "n".repeat(255)).content()).isEqualTo("2\n");
    assertThat(chronicle.read("w", "back\\slash").content()).isEqualTo("3\n");
    assertThat(shell.run("echo x > $(printf 'bad\\377') 2>&1 || true"))
        .contains("Invalid or incomplete");
  }
}
