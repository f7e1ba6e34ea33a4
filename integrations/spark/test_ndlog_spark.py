"""Spark on this machine, in processes of its own: the same findings as on one."""

import pathlib

import ndlog
from pyspark.sql import SparkSession

import ndlog_spark

LOGS = sorted((pathlib.Path(__file__).parents[2] / "datasets" / "lab").glob("*/logs"))


def test_the_same_as_on_one_machine():
    session = SparkSession.builder.master("local[2]").appName("ndlog").getOrCreate()
    try:
        findings = ndlog_spark.cluster(session, ndlog.shards(LOGS, 200_000))
    finally:
        session.stop()
    assert findings.document == ndlog.cluster(LOGS).document
