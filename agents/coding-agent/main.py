"""Starts the coding agent."""

from coding import packages
from coding.agent import CodingAgent
from podium.agent import run

if __name__ == "__main__":
    packages.add_to_path()
    run(CodingAgent)
