package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day's work in a workspace, done by the programs that developers and their agents use. */
@RequiresFuse
class DevelopersToolsTest {
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

  private static List<Long> sizes(String path) {
    return chronicle.history("w", path).stream().map(FileIteration::size).toList();
  }

  @Test
  void git_clones_commits_rebases_collects_its_garbage_and_finds_all_whole() {
    String log =
        shell.run(
            """
            git config --global user.email a@b; git config --global user.name n
            git config --global init.defaultBranch main
            git init -q origin && cd origin
            for i in $(seq 200); do mkdir -p d$((i % 7)); seq $i > d$((i % 7))/f$i; done
            git add . && git commit -qm first && echo two > a && git add a && git commit -qm second
            cd .. && git clone -q --no-hardlinks origin clone && cd clone
            git checkout -qb side HEAD~1 && echo s > s && git add s && git commit -qm side
            git rebase -q main && git mv d1 moved && git commit -qm moved
            git gc -q --prune=now && git fsck --full --strict && git status --porcelain
            git stash list && git push -q origin side && git -C ../origin log --oneline side | wc -l
            cmp d2/f2 ../origin/d2/f2
            """);
    assertThat(log).isEqualTo("4");
    assertThat(chronicle.history("w", "clone/moved/f1")).hasSize(2);
  }

  @Test
  void npm_installs_a_tree_of_packages_exactly_as_its_lock_file_says() {
    shell.run(
        """
        mkdir -p npm/parts && cd npm/parts
        for p in one two three; do
          mkdir -p $p/lib $p/bin
          echo "module.exports = '$p'" > $p/lib/index.js
          printf '#!/usr/bin/env node\\nconsole.log("%s")\\n' $p > $p/bin/run.js
          for i in $(seq 60); do echo "exports.n = $i" > $p/lib/n$i.js; done
          echo '{"name":"'$p'","version":"1.0.0","main":"lib/index.js","bin":{"run-'$p'":"bin/run.js"}}' > $p/package.json
          npm pack --silent ./$p > /dev/null
        done
        cd .. && echo '{"name":"app","version":"1.0.0","private":true,"dependencies":{"one":"file:parts/one-1.0.0.tgz",
          "two":"file:parts/two-1.0.0.tgz","three":"file:parts/three-1.0.0.tgz"}}' > package.json
        export npm_config_offline=true npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false
        npm install --silent --package-lock-only && npm ci --silent && npm ci --silent
        """);
    assertThat(
            shell.run(
                "cd npm && npm ls --offline --parseable | wc -l; node -p 'require(\"two\")';"
                    + " node_modules/.bin/run-three; find node_modules -type f -name 'n*.js' | wc"
                    + " -l"))
        .isEqualTo("4\ntwo\nthree\n180");
    assertThat(chronicle.read("w", "npm/node_modules/one/lib/n60.js").content())
        .isEqualTo("exports.n = 60\n");
  }

  @Test
  void python_makes_a_virtual_environment_that_runs_and_installs() {
    assertThat(
            shell.run(
                """
                python3 -m venv --without-pip --symlinks venv && . venv/bin/activate
                packages=$(python -c 'import site; print(site.getsitepackages()[0])')
                mkdir "$packages/mine" && echo 'answer = 42' > "$packages/mine/__init__.py"
                python -c 'import mine, sys; print(mine.answer, sys.prefix != sys.base_prefix)'
                python -m compileall -q "$packages" && ls "$packages/mine/__pycache__" | wc -l
                """))
        .isEqualTo("42 True\n1");
    assertThat(chronicle.history("w", "venv/bin/python3")).hasSize(1);
  }

  @Test
  void two_processes_share_a_database_with_a_write_ahead_log() {
    assertThat(
            shell.run(
                """
                cat > writer.py <<'P'
                import sqlite3, sys
                c = sqlite3.connect('shared.db', timeout=30, isolation_level=None)
                for i in range(150):
                    c.execute('begin immediate')
                    c.execute('insert into t select ?, coalesce(max(n), 0) + 1 from t', (sys.argv[1],))
                    c.execute('commit')
                P
                python3 -c "import sqlite3; c = sqlite3.connect('shared.db'); print(c.execute('pragma journal_mode=wal').fetchone()[0]); c.execute('create table t(who, n unique)')"
                python3 writer.py a & python3 writer.py b & b=$!; wait %1; wait $b
                python3 -c "import sqlite3; c = sqlite3.connect('shared.db'); print(c.execute('select count(*), max(n), count(distinct who), (select * from pragma_integrity_check) from t').fetchone())"
                """))
        .isEqualTo("wal\n(300, 300, 2, 'ok')");
  }

  @Test
  void make_builds_what_changed_and_nothing_else() {
    assertThat(
            shell.run(
                """
                mkdir c && cd c
                for i in 1 2 3; do echo "int f$i(void) { return $i; }" > f$i.c; done
                echo '#include <stdio.h>
                int f1(void), f2(void), f3(void);
                int main(void) { printf("%d\\n", f1() + f2() + f3()); return 0; }' > main.c
                printf 'app: main.o f1.o f2.o f3.o\\n\\tgcc -o app $^\\n%%.o: %%.c\\n\\t@echo compile $<; gcc -c -o $@ $<\\n' > Makefile
                make -s -j2 > first && grep -c compile first && ./app
                touch -d '1 hour ago' *.c; touch -d '50 minutes ago' *.o; touch -d '40 minutes ago' app
                make -q && echo unchanged
                touch f2.c && make -s && ./app
                """))
        .isEqualTo("4\n6\nunchanged\ncompile f2.c\n6");
  }

  @Test
  void tar_and_rsync_carry_a_tree_over_and_back_unchanged() {
    assertThat(
            shell.run(
                """
                mkdir -p src/deep/er && cd src
                for i in $(seq 100); do seq $i > deep/n$i; done; seq 300000 > deep/er/large
                ln -s deep/n1 link; ln deep/n2 deep/hard; chmod 750 deep/er; chmod +x deep/n3
                touch -d '2001-02-03 04:05:06.789' deep/n4; touch -d '1 hour ago' deep/n5; truncate -s 2M deep/sparse; cd ..
                tar -cf all.tar src && mkdir un && tar -xpf all.tar -C un && tar -df all.tar -C un
                rsync -aHS src/ copy/ && rsync -aHnic --delete src/ copy/
                echo more >> src/deep/n5; rm src/deep/n6; rsync -aHi --delete src/ copy/ | grep -E 'n5|n6' | sort
                rsync -aHnic --delete src/ copy/; diff -r src copy && echo same
                stat -c %h copy/deep/hard; stat -c %Y.%y copy/deep/n4 | cut -c1-3; readlink un/src/link
                """))
        .isEqualTo("*deleting   deep/n6\n>f.st...... deep/n5\nsame\n2\n981\ndeep/n1");
    assertThat(sizes("copy/deep/n5")).startsWith(10L).endsWith(15L);
    assertThat(chronicle.history("w", "copy/deep/n6").getLast().deleted()).isTrue();
  }

  @Test
  void vim_saves_in_all_its_ways_and_each_save_is_an_iteration() {
    shell.run(
        """
        mkdir vim && cd vim && echo one > text && chmod 640 text
        vim -u NONE -es -c 'set backupskip= backup writebackup backupcopy=no' -c 's/one/two!/' -c 'wq' text
        vim -u NONE -es -c 'set backupskip= nobackup writebackup backupcopy=yes' -c 's/two/three/' -c 'wq' text
        test "$(cat text)" = 'three!'; test "$(stat -c %a text)" = 640; test "$(cat text~)" = one
        ! ls -A | grep -E '\\.sw|4913'
        """);
    assertThat(sizes("vim/text")).startsWith(4L).contains(5L).endsWith(7L);
    assertThat(chronicle.read("w", "vim/text").content()).isEqualTo("three!\n");
  }

  /** The calls of its file service on Linux: for a document, and for what it writes atomically. */
  @Test
  void visual_studio_code_saves_in_place_and_by_renaming() {
    shell.run(
        """
        mkdir code && cd code && node - <<'N'
        const fs = require('fs');
        const write = (path, text) => {
          const file = fs.openSync(path, 'w', 0o666);
          fs.writeSync(file, Buffer.from(text), 0, text.length, null);
          fs.fdatasyncSync(file);
          fs.closeSync(file);
        };
        write('document', 'first');
        write('document', 'second!');
        write('settings.vsctmp', 'whole');
        fs.renameSync('settings.vsctmp', 'settings');
        write('settings.vsctmp', 'whole again');
        fs.renameSync('settings.vsctmp', 'settings');
        N
        """);
    assertThat(sizes("code/document")).startsWith(5L).endsWith(7L);
    assertThat(chronicle.read("w", "code/settings").content()).isEqualTo("whole again");
    assertThat(chronicle.history("w", "code/settings"))
        .filteredOn(iteration -> !iteration.deleted())
        .extracting(FileIteration::size)
        .startsWith(5L)
        .endsWith(11L);
  }
}
