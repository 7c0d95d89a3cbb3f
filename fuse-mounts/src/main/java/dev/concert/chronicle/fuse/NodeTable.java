package dev.concert.chronicle.fuse;

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
 * The files that the kernel knows, by the numbers it calls them, with the names they have.
 *
 * <p>A number is never used twice. All names of a file lead to one node. An inode of the disk is
 * used again as soon as its file is gone, often before the kernel forgets the node; so a node
 * counts as that file only while it has a name or is open. A node stays until the kernel forgot it
 * as often as it was told of it and nothing below it is known. Thread-safe.
 */
final class NodeTable {
  private static final long ROOT = 1;

  private final Map<Long, Node> byId = new ConcurrentHashMap<>();
  private final Map<Node.Identity, Node> byIdentity = new HashMap<>();
  private final Node root = new Node(ROOT, Optional.empty());
  private final LongConsumer closing;
  private long lastId = ROOT;

  /**
   * @param closing closes what is given to {@link #keep}
   */
  NodeTable(LongConsumer closing) {
    this.closing = closing;
    root.lookedUp();
    byId.put(ROOT, root);
  }

  Node get(long id) {
    Node node = byId.get(id);
    if (node == null) {
      throw new PosixException(Errno.ESTALE, "node");
    }
    return node;
  }

  /** The name that it was found by last, from the root; empty where it has none any more. */
  synchronized Optional<String> path(Node node) {
    if (node == root) {
      return Optional.of("");
    }
    StringBuilder path = new StringBuilder();
    return write(node, path) ? Optional.of(path.toString()) : Optional.empty();
  }

  private boolean write(Node node, StringBuilder path) {
    if (node.names().isEmpty()) {
      return false;
    }
    Node.Name name = node.names().getLast();
    if (name.folder() != root) {
      if (!write(name.folder(), path)) {
        return false;
      }
      path.append('/');
    }
    path.append(name.text());
    return true;
  }

  /** How often a name in a directory was taken away; see {@link #learn}. */
  synchronized int changes(Node folder) {
    return folder.changes();
  }

  /**
   * The kernel is told which file a name leads to.
   *
   * @param changes of the directory, from before the file was looked at
   * @return empty where a name was taken away since, so that one has to look again
   */
  synchronized Optional<Node> learn(Node folder, String name, StatBuffer status, int changes) {
    if (folder.changes() != changes) {
      return Optional.empty();
    }
    Optional<Node.Identity> identity = Node.Identity.of(status);
    Node known = folder.children().get(name);
    if (known == null || !known.identity().equals(identity)) {
      if (known != null) {
        dropName(folder, name);
      }
      known = identity.map(byIdentity::get).filter(Node::isAlive).orElseGet(() -> add(identity));
      addName(known, folder, name);
    }
    known.lookedUp();
    return Optional.of(known);
  }

  private Node add(Optional<Node.Identity> identity) {
    Node node = new Node(++lastId, identity);
    byId.put(node.id(), node);
    identity.ifPresent(file -> byIdentity.put(file, node));
    return node;
  }

  private void addName(Node node, Node folder, String name) {
    node.names().add(new Node.Name(folder, name));
    folder.children().put(name, node);
  }

  private void dropName(Node folder, String name) {
    Node node = folder.children().remove(name);
    if (node != null) {
      node.names().remove(new Node.Name(folder, name));
      dropIfUnused(node);
    }
  }

  private void dropIfUnused(Node node) {
    if (node.isUnused() && byId.remove(node.id(), node)) {
      node.identity().ifPresent(file -> byIdentity.remove(file, node));
      for (Node.Name name : node.names()) {
        name.folder().children().remove(name.text(), node);
        dropIfUnused(name.folder());
      }
      node.lastHandle().ifPresent(closing);
    }
  }

  /** The kernel forgets that it was told of a node so many times. */
  synchronized void forget(long id, long times) {
    Node node = byId.get(id);
    if (node != null && node != root) {
      node.forgotten(times);
      dropIfUnused(node);
    }
  }

  /** What a name leads to, where that is known. */
  synchronized Optional<Node> child(Node folder, String name) {
    return Optional.ofNullable(folder.children().get(name));
  }

  /** Keeps a handle of a directory that is about to be removed, until the kernel forgets it. */
  synchronized void keep(Node node, long handle) {
    node.lastHandle().ifPresent(closing);
    node.lastHandle(OptionalLong.of(handle));
  }

  /** The directory was not removed. */
  synchronized void keepNoMore(Node node) {
    node.lastHandle().ifPresent(closing);
    node.lastHandle(OptionalLong.empty());
  }

  /** A name is about to be taken away. */
  synchronized void removing(Node folder, String name) {
    folder.changed();
    child(folder, name).ifPresent(gone -> gone.names().remove(new Node.Name(folder, name)));
  }

  /** It is gone. */
  synchronized void removed(Node folder, String name) {
    folder.changed();
    dropName(folder, name);
  }

  /** It could not be taken away. */
  synchronized void kept(Node folder, String name) {
    Optional.ofNullable(folder.children().get(name))
        .filter(node -> !node.names().contains(new Node.Name(folder, name)))
        .ifPresent(node -> node.names().add(new Node.Name(folder, name)));
  }

  /** What was at one place is at another one, and what was there is gone. */
  synchronized void renamed(Node folder, String name, Node newFolder, String newName) {
    folder.changed();
    newFolder.changed();
    Node node = folder.children().remove(name);
    dropName(newFolder, newName);
    if (node != null) {
      node.names().remove(new Node.Name(folder, name));
      addName(node, newFolder, newName);
    }
  }

  /** Two files have changed places. */
  synchronized void exchanged(Node folder, String name, Node newFolder, String newName) {
    folder.changed();
    newFolder.changed();
    Node one = folder.children().remove(name);
    Node other = newFolder.children().remove(newName);
    if (one != null) {
      one.names().remove(new Node.Name(folder, name));
      addName(one, newFolder, newName);
    }
    if (other != null) {
      other.names().remove(new Node.Name(newFolder, newName));
      addName(other, folder, name);
    }
  }

  synchronized void opened(Node node, long handle) {
    node.handles().add(handle);
  }

  /** To be called before the handle is given up. */
  synchronized void closed(Node node, long handle) {
    node.handles().remove(handle);
    dropIfUnused(node);
  }

  /** One of the handles by which it is open. */
  synchronized OptionalLong handle(Node node) {
    return node.handles().isEmpty() ? node.lastHandle() : OptionalLong.of(node.handles().getLast());
  }

  /**
   * The same for a file that cannot be asked otherwise.
   *
   * @throws PosixException with {@link Errno#ESTALE} where there is none
   */
  long anyHandle(Node node) {
    return handle(node).orElseThrow(() -> new PosixException(Errno.ESTALE, "node"));
  }

  /** How many nodes there are, with the root. */
  int size() {
    return byId.size();
  }
}
