package dev.concert.chronicle.fuse.node;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.posix.StatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * The files that the kernel knows, by node number, with their names.
 *
 * <p>A number is never used twice. All names of a file lead to one node. The disk reuses an inode
 * as soon as its file is deleted, often before the kernel forgets the node; so a node stands for
 * that file only while it has a name or is open. A node stays until the kernel has forgotten it as
 * often as it looked it up, and no node below it is left. Thread-safe.
 */
public final class NodeTable {
  private static final long ROOT = 1;

  private final Map<Long, FileNode> byId = new ConcurrentHashMap<>();
  private final Map<FileNode.Identity, FileNode> byIdentity = new HashMap<>();
  private final FileNode root = new FileNode(ROOT, Optional.empty());
  private final LongConsumer closing;
  private long lastId = ROOT;

  /**
   * @param closing closes the handles passed to {@link #keep}
   */
  public NodeTable(LongConsumer closing) {
    this.closing = closing;
    root.lookedUp();
    byId.put(ROOT, root);
  }

  public FileNode get(long id) {
    FileNode node = byId.get(id);
    if (node == null) {
      throw new PosixException(Errno.ESTALE, "node");
    }
    return node;
  }

  /**
   * The path by which the node was looked up last, from the root; empty if it has no name any more.
   */
  public synchronized Optional<String> path(FileNode node) {
    if (node == root) {
      return Optional.of("");
    }
    StringBuilder path = new StringBuilder();
    return write(node, path) ? Optional.of(path.toString()) : Optional.empty();
  }

  private boolean write(FileNode node, StringBuilder path) {
    if (node.names().isEmpty()) {
      return false;
    }
    FileNode.Name name = node.names().getLast();
    if (name.folder() != root) {
      if (!write(name.folder(), path)) {
        return false;
      }
      path.append('/');
    }
    path.append(name.text());
    return true;
  }

  /** How often a name was removed from a directory; see {@link #learn}. */
  public synchronized int changes(FileNode folder) {
    return folder.changes();
  }

  /**
   * Notes that the kernel learns which file a name leads to.
   *
   * @param changes of the directory, read before the status of the file
   * @return empty if a name was removed since then; the caller has to look again
   */
  public synchronized Optional<FileNode> learn(
      FileNode folder, String name, StatBuffer status, int changes) {
    if (folder.changes() != changes) {
      return Optional.empty();
    }
    Optional<FileNode.Identity> identity = FileNode.Identity.of(status);
    FileNode known = folder.children().get(name);
    if (known == null || !known.identity().equals(identity)) {
      if (known != null) {
        dropName(folder, name);
      }
      known =
          identity.map(byIdentity::get).filter(FileNode::isAlive).orElseGet(() -> add(identity));
      addName(known, folder, name);
    }
    known.lookedUp();
    return Optional.of(known);
  }

  private FileNode add(Optional<FileNode.Identity> identity) {
    FileNode node = new FileNode(++lastId, identity);
    byId.put(node.id(), node);
    identity.ifPresent(file -> byIdentity.put(file, node));
    return node;
  }

  private void addName(FileNode node, FileNode folder, String name) {
    node.names().add(new FileNode.Name(folder, name));
    folder.children().put(name, node);
  }

  private void dropName(FileNode folder, String name) {
    FileNode node = folder.children().remove(name);
    if (node != null) {
      node.names().remove(new FileNode.Name(folder, name));
      dropIfUnused(node);
    }
  }

  private void dropIfUnused(FileNode node) {
    if (node.isUnused() && byId.remove(node.id(), node)) {
      node.identity().ifPresent(file -> byIdentity.remove(file, node));
      for (FileNode.Name name : node.names()) {
        name.folder().children().remove(name.text(), node);
        dropIfUnused(name.folder());
      }
      node.lastHandle().ifPresent(closing);
    }
  }

  /** Notes that the kernel forgets this many look-ups of a node. */
  public synchronized void forget(long id, long times) {
    FileNode node = byId.get(id);
    if (node != null && node != root) {
      node.forgotten(times);
      dropIfUnused(node);
    }
  }

  /** The node that a name leads to, if it is known. */
  public synchronized Optional<FileNode> child(FileNode folder, String name) {
    return Optional.ofNullable(folder.children().get(name));
  }

  /** Keeps a handle of a directory that is about to be removed, until the kernel forgets it. */
  public synchronized void keep(FileNode node, long handle) {
    node.lastHandle().ifPresent(closing);
    node.lastHandle(OptionalLong.of(handle));
  }

  /** The directory was not removed. */
  public synchronized void keepNoMore(FileNode node) {
    node.lastHandle().ifPresent(closing);
    node.lastHandle(OptionalLong.empty());
  }

  /** A name is about to be removed. */
  public synchronized void removing(FileNode folder, String name) {
    folder.changed();
    child(folder, name).ifPresent(gone -> gone.names().remove(new FileNode.Name(folder, name)));
  }

  /** The name was removed. */
  public synchronized void removed(FileNode folder, String name) {
    folder.changed();
    dropName(folder, name);
  }

  /** The name could not be removed. */
  public synchronized void kept(FileNode folder, String name) {
    Optional.ofNullable(folder.children().get(name))
        .filter(node -> !node.names().contains(new FileNode.Name(folder, name)))
        .ifPresent(node -> node.names().add(new FileNode.Name(folder, name)));
  }

  /** A name was moved and replaced the one at the target. */
  public synchronized void renamed(
      FileNode folder, String name, FileNode newFolder, String newName) {
    folder.changed();
    newFolder.changed();
    FileNode node = folder.children().remove(name);
    dropName(newFolder, newName);
    if (node != null) {
      node.names().remove(new FileNode.Name(folder, name));
      addName(node, newFolder, newName);
    }
  }

  /** Two names were exchanged. */
  public synchronized void exchanged(
      FileNode folder, String name, FileNode newFolder, String newName) {
    folder.changed();
    newFolder.changed();
    FileNode one = folder.children().remove(name);
    FileNode other = newFolder.children().remove(newName);
    if (one != null) {
      one.names().remove(new FileNode.Name(folder, name));
      addName(one, newFolder, newName);
    }
    if (other != null) {
      other.names().remove(new FileNode.Name(newFolder, newName));
      addName(other, folder, name);
    }
  }

  public synchronized void opened(FileNode node, long handle) {
    node.handles().add(handle);
  }

  /** Call this before the handle is released. */
  public synchronized void closed(FileNode node, long handle) {
    node.handles().remove(handle);
    dropIfUnused(node);
  }

  /** One of the handles of an open node. */
  public synchronized OptionalLong handle(FileNode node) {
    return node.handles().isEmpty() ? node.lastHandle() : OptionalLong.of(node.handles().getLast());
  }

  /**
   * The same for a file that can be reached by a handle only.
   *
   * @throws PosixException with {@link Errno#ESTALE} if there is none
   */
  public long anyHandle(FileNode node) {
    return handle(node).orElseThrow(() -> new PosixException(Errno.ESTALE, "node"));
  }

  /** The number of nodes, with the root. */
  public int size() {
    return byId.size();
  }
}
