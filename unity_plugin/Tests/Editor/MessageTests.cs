using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;

namespace Sentio.Tests
{
    /// <summary>The golden messages: each read, cut at every byte, and damaged at random.</summary>
    [TestFixture]
    public class MessageTests
    {
        private static string Folder
        {
            get
            {
                string one = Vectors.PathOf("messages/affect_ok.bin");
                if (one == null) Assert.Ignore("tests/vectors is not beside this package");
                return Path.GetDirectoryName(one);
            }
        }

        [Test]
        public void AffectMessagesMatchTheirDescription()
        {
            int count = 0;
            foreach (string path in Directory.GetFiles(Folder, "affect*.bin"))
            {
                byte[] bytes = File.ReadAllBytes(path);
                var expected = (Dictionary<string, object>)Json.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
                var frame = new AffectFrame();
                Assert.IsTrue(new AffectReader().Read(bytes, 0, bytes.Length, frame), path);
                Check(frame, expected, path);
                count++;
            }
            Assert.Greater(count, 3);
        }

        [Test]
        public void BadMessagesAreRefusedWithTheirCode()
        {
            foreach (string path in Directory.GetFiles(Folder, "bad_*.bin"))
            {
                byte[] bytes = File.ReadAllBytes(path);
                var expected = (Dictionary<string, object>)Json.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
                var reader = new AffectReader();
                Assert.IsFalse(reader.Read(bytes, 0, bytes.Length, new AffectFrame()), path);
                Assert.AreEqual(expected["code"], reader.Code, path);
            }
        }

        [Test]
        public void MapsAreRead()
        {
            foreach (string path in Directory.GetFiles(Folder, "*.bin"))
            {
                var expected = (Dictionary<string, object>)Json.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
                if (!expected.ContainsKey("body")) continue;
                byte[] bytes = File.ReadAllBytes(path);
                int start = expected.ContainsKey("topic") ? Array.IndexOf(bytes, (byte)0) + 1 : 0;
                var reader = new MsgpackReader(bytes, start, bytes.Length - start);
                Dictionary<string, object> map = reader.ReadMap();
                Assert.IsNotNull(map, path + ": " + reader.Error);
                Same(expected["body"], map, path);
            }
        }

        [Test]
        public void ActionUnitsHaveTheirFacsNames()
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, "detail_face.bin"));
            int start = Array.IndexOf(bytes, (byte)0) + 1;
            Dictionary<string, object> detail = new MsgpackReader(bytes, start, bytes.Length - start).ReadMap();
            Dictionary<string, object> sent = Maps.Child(detail, "action_units");
            Assert.AreEqual(0.75f, SentioFace.ActionUnit(detail, SentioActionUnit.BrowLowerer));
            Assert.AreEqual(0.625f, SentioFace.ActionUnit(detail, SentioActionUnit.LipPressor));
            Assert.IsNaN(SentioFace.ActionUnit(detail, SentioActionUnit.NoseWrinkler));
            Dictionary<SentioActionUnit, float> known = SentioFace.ActionUnits(detail);
            Assert.AreEqual(sent.Count, known.Count);
            foreach (KeyValuePair<SentioActionUnit, float> unit in known)
            {
                Assert.AreEqual(Maps.Number(sent, "AU" + (int)unit.Key, -1), unit.Value, 1e-6, unit.Key.ToString());
            }
        }

        [Test]
        public void ADetailWithoutActionUnitsHasNone()
        {
            foreach (object odd in new object[] { null, 1.0, "AU4", new object[] { 0.5 }, new Dictionary<string, object> { { "AU4", "much" } } })
            {
                var detail = new Dictionary<string, object> { { "action_units", odd } };
                Assert.IsNaN(SentioFace.ActionUnit(detail, SentioActionUnit.BrowLowerer));
            }
            Assert.AreEqual(0, SentioFace.ActionUnits(null).Count);
            Assert.IsNaN(SentioFace.ActionUnit(null, SentioActionUnit.Blink));
            Assert.IsNaN(SentioFace.ActionUnit(new Dictionary<string, object>(), (SentioActionUnit)99));
        }

        [Test]
        public void OneReaderAndFrameReadEveryMessageAsFreshOnesDo()
        {
            var reader = new AffectReader();
            var frame = new AffectFrame();
            foreach (string path in Directory.GetFiles(Folder, "*.bin"))
            {
                byte[] bytes = File.ReadAllBytes(path);
                var expected = (Dictionary<string, object>)Json.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
                if (reader.Read(bytes, 0, bytes.Length, frame)) Check(frame, expected, path);
            }
        }

        [Test]
        public void AFileHoldsSeveralMinorVersions()
        {
            string folder = Path.Combine(Folder, "../frames");
            var expected = (Dictionary<string, object>)Json.Parse(File.ReadAllText(Path.Combine(folder, "mixed.json")));
            var names = (List<object>)expected["messages"];
            FrameFile file = FrameFile.Parse(File.ReadAllBytes(Path.Combine(folder, "mixed.frames")));
            Assert.AreEqual(names.Count, file.Records.Count);
            for (int i = 0; i < names.Count; i++)
            {
                byte[] message = file.Records[i].Message;
                Assert.AreEqual(File.ReadAllBytes(Path.Combine(Folder, names[i] + ".bin")), message);
                if (AffectReader.IsAffect(message, 0, message.Length))
                    Assert.IsTrue(new AffectReader().Read(message, 0, message.Length, new AffectFrame()), (string)names[i]);
            }
        }

        [Test]
        public void AgesAndConfidencesAreSetAndCopied()
        {
            var frame = new AffectFrame();
            frame.Set(AffectEntry.Valence, 0.5f);
            Assert.IsFalse(frame.HasEvidence);
            Assert.IsTrue(float.IsNaN(frame.Age(AffectEntry.Valence)));
            frame.SetEvidence(AffectEntry.Valence, 1.5f, 0.25f);
            frame.SetEvidence(AffectEntry.Stress, 2f, 1f);
            var copy = new AffectFrame();
            frame.CopyTo(copy);
            Assert.AreEqual(1.5f, copy.Age(AffectEntry.Valence));
            Assert.AreEqual(0.25f, copy.Confidence(AffectEntry.Valence));
            Assert.IsTrue(float.IsNaN(copy.Age(AffectEntry.Stress)), "an entry that is not known has no age");
            new AffectFrame().CopyTo(copy);
            Assert.IsFalse(copy.HasEvidence);
        }

        [Test]
        public void TheLayoutBeginsWithTheOneOfVersion10()
        {
            string[] names = File.ReadAllText(Path.Combine(Folder, "../layout_v1_0.txt")).Trim().Split('\n');
            Assert.AreEqual(60, names.Length);
            for (int i = 0; i < names.Length; i++) Assert.AreEqual(names[i], AffectNames.Of((AffectEntry)i));
        }

        [Test]
        public void EveryCutIsRefused()
        {
            foreach (string path in Directory.GetFiles(Folder, "affect*.bin"))
            {
                byte[] bytes = File.ReadAllBytes(path);
                for (int count = 0; count < bytes.Length; count++)
                    Assert.IsFalse(new AffectReader().Read(bytes, 0, count, new AffectFrame()), path + " cut at " + count);
            }
        }

        [Test]
        public void DamageNeverThrowsAndNeverGivesNaN()
        {
            var random = new Random(11);
            foreach (string path in Directory.GetFiles(Folder, "*.bin"))
            {
                byte[] good = File.ReadAllBytes(path);
                for (int round = 0; round < 600 && good.Length > 0; round++)
                {
                    var bytes = (byte[])good.Clone();
                    for (int hits = 1 + random.Next(6); hits > 0; hits--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    var frame = new AffectFrame();
                    if (new AffectReader().Read(bytes, 0, bytes.Length, frame))
                        for (int i = 0; i < AffectNames.Count; i++)
                            if (frame.Has((AffectEntry)i)) Assert.IsFalse(float.IsNaN(frame.Value((AffectEntry)i)) || float.IsInfinity(frame.Value((AffectEntry)i)));
                    new MsgpackReader(bytes, 0, bytes.Length).ReadMap();
                }
            }
        }

        [Test]
        public void HostileLengthsAllocateNothing()
        {
            foreach (string hex in new[] { "dfffffffff", "ddffffffff", "dbffffffff", "c6ffffffff", "81dbffffffff" })
            {
                byte[] bytes = ZmtpTests.Hex(hex);
                var reader = new MsgpackReader(bytes, 0, bytes.Length);
                Assert.IsNull(reader.ReadMap());
                Assert.IsNotNull(reader.Error);
            }
        }

        [Test]
        public void WrittenMapsAreReadBack()
        {
            var map = new Dictionary<string, object>
            {
                { "op", "marker" }, { "id", 7 }, { "big", 5000000000L }, { "minus", -3 }, { "lower", -3000 }, { "half", 0.5 },
                { "yes", true }, { "none", null }, { "long", new string('x', 300) },
                { "list", new object[] { 1, "two", new double[] { 3.5 } } },
                { "data", new Dictionary<string, object> { { "level", 3 } } },
            };
            byte[] bytes = new MsgpackWriter().WriteMap(map);
            Dictionary<string, object> back = new MsgpackReader(bytes, 0, bytes.Length).ReadMap();
            Assert.AreEqual("marker", back["op"]);
            Assert.AreEqual(5000000000L, back["big"]);
            Assert.AreEqual(-3000L, back["lower"]);
            Assert.AreEqual(0.5, back["half"]);
            Assert.AreEqual(300, ((string)back["long"]).Length);
            Assert.AreEqual(3.5, ((object[])((object[])back["list"])[2])[0]);
            Assert.AreEqual(3L, ((Dictionary<string, object>)back["data"])["level"]);
        }

        [Test]
        public void UnsupportedValuesAreRefusedByName()
        {
            var map = new Dictionary<string, object> { { "value", double.NaN } };
            var error = Assert.Throws<ArgumentException>(() => new MsgpackWriter().WriteMap(map));
            StringAssert.Contains("request.value", error.Message);
        }

        private static void Check(AffectFrame frame, Dictionary<string, object> expected, string path)
        {
            Assert.AreEqual(expected["subject"], frame.Subject, path);
            Assert.AreEqual((long)(double)expected["epoch"], frame.Epoch, path);
            Assert.AreEqual((long)(double)expected["seq"], frame.Seq, path);
            Assert.AreEqual((double)expected["sent"], frame.Sent, path);
            Assert.AreEqual(expected["captured"] == null, double.IsNaN(frame.Captured), path);
            var known = (Dictionary<string, object>)expected["known"];
            for (int i = 0; i < AffectNames.Count; i++)
            {
                var entry = (AffectEntry)i;
                bool there = known.ContainsKey(AffectNames.Of(entry));
                Assert.AreEqual(there, frame.Has(entry), path);
                if (there) Assert.AreEqual((float)(double)known[AffectNames.Of(entry)], frame.Value(entry), path);
                else Assert.IsTrue(float.IsNaN(frame.Value(entry)), path);
                CheckEvidence(expected, "age", entry, frame.Age(entry), path);
                CheckEvidence(expected, "confidence", entry, frame.Confidence(entry), path);
            }
            Assert.AreEqual(expected.ContainsKey("age"), frame.HasEvidence, path);
        }

        private static void CheckEvidence(Dictionary<string, object> expected, string part, AffectEntry entry, float got, string path)
        {
            object wanted = double.NaN;
            if (expected.ContainsKey(part) && !((Dictionary<string, object>)expected[part]).TryGetValue(AffectNames.Of(entry), out wanted)) wanted = double.NaN;
            Assert.AreEqual((float)(double)wanted, got, path + " " + part + " of " + entry);
        }

        private static void Same(object wanted, object got, string where)
        {
            var map = wanted as Dictionary<string, object>;
            var list = wanted as List<object>;
            if (map != null)
            {
                var other = (Dictionary<string, object>)got;
                foreach (KeyValuePair<string, object> entry in map) Same(entry.Value, other[entry.Key], where + "." + entry.Key);
            }
            else if (list != null)
            {
                var other = (object[])got;
                Assert.AreEqual(list.Count, other.Length, where);
                for (int i = 0; i < list.Count; i++) Same(list[i], other[i], where);
            }
            else if (wanted is double && !(got is byte[])) Assert.AreEqual((double)wanted, Convert.ToDouble(got), 1e-6, where);
            else if (!(got is byte[])) Assert.AreEqual(wanted, got, where);
        }
    }
}
