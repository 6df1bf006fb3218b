"""Reading what people did: every format gives the same, and what cannot be read is named by line and column."""

from __future__ import annotations

import pytest

from tradewind.core.errors import DataError, InputError, NotFoundError
from tradewind.recommend.data import Columns, read

INTER = (
    "user_id:token\titem_id:token\trating:float\ttimestamp:float\nu1\ta\t5\t10\nu2\tb\t3\t20\nu1\tb\t1\t30\n"
)


def events(behaviour):
    data = behaviour.interactions
    return [
        (data.user_ids[user], data.item_ids[item], rating, time)
        for user, item, rating, time in zip(
            data.users, data.items, data.ratings.tolist(), data.times.tolist(), strict=True
        )
    ]


EXPECTED = [("u1", "a", 5.0, 10.0), ("u2", "b", 3.0, 20.0), ("u1", "b", 1.0, 30.0)]


def test_atomic_files_give_interactions_and_titles(write):
    write("s.item", "item_id:token\ttitle:token_seq\na\tA boat\nb\tA kite\nc\tNever sold\n")
    behaviour = read(write("s.inter", INTER).parent)
    assert events(behaviour) == EXPECTED
    assert behaviour.interactions.item_ids == ("a", "b", "c")
    assert behaviour.catalogue.texts == ("A boat", "A kite", "Never sold")


def test_csv_json_lines_and_parquet_give_the_same(write, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    write(
        "a.csv",
        "Customer_ID,SKU,rating,date\nu1,a,5,1970-01-01T00:00:10\nu2,b,3,20\nu1,b,1,1970-01-01 00:00:30Z\n",
    )
    write(
        "b.jsonl",
        '{"user_id": "u1", "item_id": "a", "rating": 5, "time": 10}\n\n'
        '{"user_id": "u2", "item_id": "b", "rating": 3, "time": 20.0}\n'
        '{"user_id": "u1", "item_id": "b", "rating": 1, "time": "30"}\n',
    )
    table = {"user_id": ["u1", "u2", "u1"], "item_id": ["a", "b", "b"], "rating": [5, 3, 1]}
    times = pa.array([10, 20, 30], pa.timestamp("s"))
    pq.write_table(pa.table({**table, "time": times}), tmp_path / "c.parquet")
    for name in ("a.csv", "b.jsonl", "c.parquet"):
        assert events(read(tmp_path / name)) == EXPECTED, name


def test_histories_become_a_row_an_event_in_their_order(write):
    path = write("g.inter", "user_id:token\titem_id_list:token_seq\titem_id:token\n7\t3 8 5\t9\n8\t5\t3\n")
    data = read(path).interactions
    assert [data.item_ids[item] for item in data.items] == ["3", "8", "5", "9", "5", "3"]
    assert data.times.tolist() == [0, 1, 2, 3, 0, 1]
    assert not data.dated


def test_returns_and_rows_without_a_person_are_passed_over_and_counted(write):
    path = write("s.csv", "CustomerID,Description,Quantity,Country\n1,a,2,DE\n,a,1,DE\n1,b,-1,DE\n2,b,1,FR\n")
    behaviour = read(path)
    assert len(behaviour.interactions) == 2
    assert behaviour.interactions.market_ids == ("DE", "FR")
    assert behaviour.notes == (
        "1 rows without a person or an item are passed over",
        "1 rows that take goods back are passed over",
    )


def test_ids_that_a_gap_made_into_fractions_stay_whole(write, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"CustomerID": [17850.0, None], "item_id": ["a", "b"]}), tmp_path / "c.parquet")
    assert read(tmp_path / "c.parquet").interactions.user_ids == ("17850",)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("s.inter", "user_id\titem_id\n1\t2\n", r"s.inter:1: 'user_id' in the header is not NAME:TYPE"),
        ("s.inter", INTER + "u3\ta\t5\n", r"s.inter:5: 3 values where the header names 4"),
        ("s.inter", INTER + "u3\ta\tgood\t5\n", r"s.inter:5 \[rating\]: 'good' is no number"),
        ("s.inter", INTER + "u3\ta\tnan\t5\n", r"s.inter:5 \[rating\]: 'nan' is no number"),
        ("s.csv", "user_id,item_id,time\n1,2,yesterday\n", r"s.csv:2 \[time\]: 'yesterday' is no time"),
        ("s.csv", 'user_id,item_id\n"a\nb",2\n1,2,3\n', r"s.csv:4: 3 values where the header names 2"),
        ("s.csv", "user_id,price\n1,2\n", r"no column says which item a row is about .*--item"),
        ("s.csv", "user_id,item_id\n", r"s.csv: the file holds no rows"),
        ("s.csv", "", r"s.csv: the file is empty"),
        ("s.csv", "user_id,item_id\n,\n", r"s.csv: no row can be used"),
        ("s.jsonl", '{"user_id": 1, "item_id": 2}\n[1]\n', r"s.jsonl:2: a row must be an object"),
        ("s.jsonl", "{\n", r"s.jsonl:1: no JSON"),
        ("s.parquet", "PAR0", r"s.parquet: not a Parquet file"),
        (
            "s.inter",
            "user_id:token\titem_id_list:token_seq\titem_id:token\n7\t\t9\n",
            r"s.inter:2 \[item_id_list\]",
        ),
    ],
)
def test_what_cannot_be_read_is_named_by_file_line_and_column(write, name, content, message):
    with pytest.raises(DataError, match=message):
        read(write(name, content))


def test_a_misspelt_column_is_answered_with_the_nearest(write):
    with pytest.raises(DataError, match=r"no column 'shopper_i' .*did you mean 'shopper_id'"):
        read(write("s.csv", "shopper_id,item_id\n1,2\n"), Columns(user="shopper_i"))


def test_a_folder_of_two_files_asks_which(write):
    write("a.csv", "user_id,item_id\n1,2\n")
    with pytest.raises(InputError, match=r"expected one file of interactions, found a.csv, b.csv"):
        read(write("b.csv", "user_id,item_id\n1,2\n").parent)


def test_nothing_there_is_said_so(tmp_path):
    with pytest.raises(NotFoundError, match="there is no file or folder"):
        read(tmp_path / "absent")


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "rows", "people", "items"),
    [
        ("ml-100k", 100_000, 943, 1_682),
        ("ml-1m", 836_478, 6_039, 3_628),
        ("amazon-games", 440_264, 50_546, 16_859),
        ("online-retail", 266_518, 3_616, 3_650),
    ],
)
def test_public_data_is_read_whole(public, name, rows, people, items):
    data = read(public(name)).interactions
    assert (len(data), *data.shape) == (rows, people, items)


def test_a_catalogue_without_a_column_of_items_is_refused(write):
    write("events.csv", "user_id,item_id\n1,2\n")
    with pytest.raises(DataError, match=r"items.csv:1: no column says which item"):
        read(write("items.csv", "code,title\n2,A boat\n").parent)


def test_a_file_named_itself_is_read_with_its_catalogue(write):
    write("s.item", "item_id:token\ttitle:token_seq\na\tA boat\n")
    assert read(write("s.inter", INTER)).catalogue.texts == ("A boat", "")


def test_histories_in_json_are_lists_and_nothing_else(write):
    good = '{"user_id": 7, "history": [3, 8], "item_id": 9}\n'
    assert len(read(write("a.jsonl", good)).interactions) == 3
    with pytest.raises(
        DataError, match=r"b.jsonl:2 \[history\]: a person, a history and a next item are needed"
    ):
        read(write("b.jsonl", good + '{"user_id": 8, "history": null, "item_id": 9}\n'))
