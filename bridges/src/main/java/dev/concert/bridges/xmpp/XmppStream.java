package dev.concert.bridges.xmpp;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A connection to a server. Blocking, for virtual threads: one reads, any may write. A certificate
 * has to be that of the domain, wherever its server is.
 */
final class XmppStream implements AutoCloseable {
  private static final int CONNECT_MS = 10_000;

  /** A server that is silent for so long, although it is asked, is gone. */
  private static final int SILENT_MS = 90_000;

  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 30;
  private static final XMLInputFactory FACTORY = factory();

  private final String domain;
  private final SSLSocketFactory tls;
  private final ReentrantLock writes = new ReentrantLock();
  private volatile Socket socket;
  private XMLStreamReader reader;
  private boolean isEncrypted;
  private int read;

  private XmppStream(String domain, SSLSocketFactory tls, Socket socket) {
    this.domain = domain;
    this.tls = tls;
    this.socket = socket;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /** Connects, with TLS at once where the address says so. */
  static XmppStream connect(XmppAddress address, SSLSocketFactory tls) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MS);
      socket.setSoTimeout(SILENT_MS);
      socket.setTcpNoDelay(true);
      XmppStream stream = new XmppStream(address.domain(), tls, socket);
      if (address.isDirectTls()) {
        stream.encrypt();
      }
      return stream;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** From now on with TLS. */
  void encrypt() throws IOException {
    SSLSocket encrypted =
        (SSLSocket) tls.createSocket(socket, domain, socket.getPort(), /* autoClose= */ true);
    SSLParameters parameters = encrypted.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    encrypted.setSSLParameters(parameters);
    encrypted.startHandshake();
    socket = encrypted;
    isEncrypted = true;
  }

  boolean isEncrypted() {
    return isEncrypted;
  }

  /** Begins a stream of elements, also anew after TLS and sign-in. The features come next. */
  XmppElement open() throws IOException {
    write(
        "<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='%s'"
                .formatted(domain, XmppElement.CLIENT)
            + " xmlns:stream='http://etherx.jabber.org/streams'>");
    try {
      reader =
          FACTORY.createXMLStreamReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      while (reader.next() != XMLStreamConstants.START_ELEMENT) {
        // What stands before the stream says nothing.
      }
    } catch (XMLStreamException e) {
      throw new IOException("The server does not speak XMPP", e);
    }
    return next();
  }

  /**
   * The next element.
   *
   * @throws IOException where the stream ends, or where it is no XMPP
   */
  XmppElement next() throws IOException {
    try {
      while (true) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          read = 0;
          return element(1);
        }
        if (event == XMLStreamConstants.END_ELEMENT || event == XMLStreamConstants.END_DOCUMENT) {
          throw new IOException("The server ended the stream");
        }
      }
    } catch (XMLStreamException | RuntimeException e) {
      throw new IOException("The connection was cut", e);
    }
  }

  private XmppElement element(int depth) throws IOException, XMLStreamException {
    if (depth > MAX_DEPTH) {
      throw new IOException("An element of the server is too deep");
    }
    String name = reader.getLocalName();
    String namespace = String.valueOf(reader.getNamespaceURI());
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
      count(reader.getAttributeValue(i).length());
    }
    List<XmppElement> children = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int event = reader.next();
        event != XMLStreamConstants.END_ELEMENT;
        event = reader.next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        children.add(element(depth + 1));
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        text.append(reader.getText());
        count(reader.getTextLength());
      }
    }
    count(name.length());
    return new XmppElement(
        name, namespace, Map.copyOf(attributes), List.copyOf(children), text.toString());
  }

  private void count(int characters) throws IOException {
    read += characters;
    if (read > MAX_CHARACTERS) {
      throw new IOException("An element of the server is too large");
    }
  }

  void write(XmppElement element) throws IOException {
    write(element.xml());
  }

  private void write(String xml) throws IOException {
    writes.lock();
    try {
      OutputStream out = socket.getOutputStream();
      out.write(xml.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } finally {
      writes.unlock();
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}
