"""The bundle for machines without a network and without a compiler: how it is made, installed and checked."""
