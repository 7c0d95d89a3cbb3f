package dev.concert.bridges.xmpp;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * An element, such as a whole message.
 *
 * @param text of its own; empty for none
 */
record XmppElement(
    String name,
    String namespace,
    Map<String, String> attributes,
    List<XmppElement> children,
    String text) {
  static final String CLIENT = "jabber:client";

  /** What XML 1.0 does not allow. */
  private static final String FORBIDDEN =
      "[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]";

  /** An empty element. */
  static XmppElement of(String name, String namespace) {
    return new XmppElement(name, namespace, Map.of(), List.of(), "");
  }

  /** The same with another attribute. */
  XmppElement with(String attribute, String value) {
    Map<String, String> all = new LinkedHashMap<>(attributes);
    all.put(attribute, value);
    return new XmppElement(name, namespace, all, children, text);
  }

  /** The same with another child at the end. */
  XmppElement with(XmppElement child) {
    List<XmppElement> all = new ArrayList<>(children);
    all.add(child);
    return new XmppElement(name, namespace, attributes, all, text);
  }

  /** The same with this text. */
  XmppElement withText(String newText) {
    return new XmppElement(name, namespace, attributes, children, newText);
  }

  /** An attribute; empty where it is not there. */
  String attribute(String attribute) {
    return attributes.getOrDefault(attribute, "");
  }

  boolean is(String wantedName, String wantedNamespace) {
    return name.equals(wantedName) && namespace.equals(wantedNamespace);
  }

  Optional<XmppElement> child(String childName, String childNamespace) {
    return all(childName, childNamespace).findFirst();
  }

  Stream<XmppElement> all(String childName, String childNamespace) {
    return children.stream().filter(one -> one.is(childName, childNamespace));
  }

  /** The text of a child of the same namespace; empty where it is not there. */
  String childText(String childName) {
    return child(childName, namespace).map(XmppElement::text).orElse("");
  }

  /** As it goes over a stream. */
  String xml() {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
      write(writer, "");
      writer.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("An element cannot be written", e);
    }
    return out.toString();
  }

  private void write(XMLStreamWriter writer, String outer) throws XMLStreamException {
    writer.writeStartElement(name);
    if (!namespace.equals(outer)) {
      writer.writeDefaultNamespace(namespace);
    }
    for (Map.Entry<String, String> one : attributes.entrySet()) {
      writer.writeAttribute(one.getKey(), allowed(one.getValue()));
    }
    writer.writeCharacters(allowed(text));
    for (XmppElement child : children) {
      child.write(writer, namespace);
    }
    writer.writeEndElement();
  }

  private static String allowed(String text) {
    return text.replaceAll(FORBIDDEN, "\uFFFD");
  }
}
