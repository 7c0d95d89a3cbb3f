package dev.concert.platform.turn;

import dev.concert.platform.harness.OnTwoNodes;

@OnTwoNodes
class ArchiveApiOnTwoNodesTest extends ArchiveApiTest {}
