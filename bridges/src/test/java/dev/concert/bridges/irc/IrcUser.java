package dev.concert.bridges.irc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A person with a client of her own. */
public final class IrcUser implements AutoCloseable {
  private final Socket socket;
  private final Writer out;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  public IrcUser(int port, String nick) {
    try {
      socket = new Socket("127.0.0.1", port);
      out = new java.io.OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
      Thread.ofVirtual().start(this::read);
      send("NICK " + nick);
      send("USER %s 0 * :%s".formatted(nick, nick));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("PING")) {
          send("PONG" + line.substring(4));
        }
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("ERROR :" + e.getMessage());
    }
  }

  public synchronized void send(String line) {
    try {
      out.write(line + "\r\n");
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void say(String target, String text) {
    send("PRIVMSG %s :%s".formatted(target, text));
  }

  /** All lines from the server, in order. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
