package dev.concert.coordinator.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * Relays in the sandbox: each forwards a port on 127.0.0.1 to a Unix socket. They listen before the
 * agent starts, are no children of it, and end with the sandbox.
 *
 * @param socat its path
 */
record PortRelays(String socat) {
  /** Half a closed connection waits this long for the other half; socat's own 0.5 s cut answers. */
  private static final String HALF_CLOSED_S = "60";

  /**
   * The shell reads /proc itself: a program for each look would take longer than the relay. Without
   * {@code nodelay} the second piece of a stream waits 40 ms for the acknowledgement of the first.
   */
  private static final String SCRIPT =
      """
      relay=$1; shift
      listens() {
        while read -r _ address _ state _; do
          [ "$address $state" = "0100007F:$1 0A" ] && return 0
        done </proc/net/tcp
        return 1
      }
      ports=
      while [ "$1" != -- ]; do
        ("$relay" -t %s -b 65536 "TCP-LISTEN:$1,bind=127.0.0.1,fork,reuseaddr,backlog=128,nodelay" \
          "UNIX-CONNECT:%s/$1" </dev/null >/dev/null 2>&1 &)
        ports="$ports $1"
        shift
      done
      shift
      for port in $ports; do
        hex=$(printf %%04X "$port")
        tries=0
        until listens "$hex"; do
          tries=$((tries + 1))
          if [ $tries -gt 3000 ]; then
            echo "The relay for port $port does not start." >&2
            exit 1
          fi
          [ $tries -lt 100 ] || sleep 0.01
        done
      done
      exec "$@"
      """
          .formatted(HALF_CLOSED_S, FileView.SOCKETS);

  /** The command that starts the relays of these ports, and then becomes this one. */
  List<String> before(List<ForwardedPort> ports, List<String> agent) {
    if (ports.isEmpty()) {
      return agent;
    }
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "relays", socat));
    ports.forEach(port -> command.add(Integer.toString(port.port())));
    command.add("--");
    command.addAll(agent);
    return command;
  }
}
