using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;

namespace Sentio.Tests
{
    /// <summary>The ZMTP client against streams that a real libzmq sent, whole, byte by byte and damaged.</summary>
    [TestFixture]
    public class ZmtpTests
    {
        private sealed class Sink : IZmtpSink
        {
            public readonly List<List<byte[]>> Messages = new List<List<byte[]>>();
            private List<byte[]> _parts = new List<byte[]>();

            public void Part(byte[] bytes, int start, int count, bool more)
            {
                var part = new byte[count];
                Buffer.BlockCopy(bytes, start, part, 0, count);
                _parts.Add(part);
                if (more) return;
                Messages.Add(_parts);
                _parts = new List<byte[]>();
            }
        }

        [Test]
        public void EveryVectorInOnePiece() { Vectors_(int.MaxValue); }

        [Test]
        public void EveryVectorByteByByte() { Vectors_(1); }

        [Test]
        public void EveryVectorInSevens() { Vectors_(7); }

        [Test]
        public void DamagedStreamsNeverThrow()
        {
            var random = new Random(5);
            byte[] good = Hex("ff00000000000000017f03014e554c4c" + new string('0', 96) + "041a0552454144590b536f636b65742d547970650000000458505542");
            for (int round = 0; round < 5000; round++)
            {
                var zmtp = new Zmtp(false, "", StateMailbox.Topics(""), new Sink());
                var bytes = new byte[good.Length + random.Next(64)];
                random.NextBytes(bytes);
                if (random.Next(4) > 0) Buffer.BlockCopy(good, 0, bytes, 0, good.Length);
                for (int hits = random.Next(4); hits > 0; hits--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                for (int at = 0; at < bytes.Length;) at += Feed(zmtp, bytes, at, 1 + random.Next(40));
                Assert.IsTrue(zmtp.OutputCount < 4096);
            }
        }

        private static void Vectors_(int piece)
        {
            string one = Vectors.PathOf("zmtp/state.json");
            if (one == null) Assert.Ignore("tests/vectors is not beside this package");
            int count = 0;
            foreach (string path in Directory.GetFiles(Path.GetDirectoryName(one), "*.json"))
            {
                Play((Dictionary<string, object>)Json.Parse(File.ReadAllText(path)), Path.GetFileName(path), piece);
                count++;
            }
            Assert.Greater(count, 20);
        }

        private static void Play(Dictionary<string, object> expected, string name, int piece)
        {
            var sink = new Sink();
            var topics = new List<byte[]>();
            foreach (object topic in (List<object>)expected["subscribe"]) topics.Add(Hex((string)topic));
            var zmtp = new Zmtp((string)expected["socket"] == "DEALER", (string)expected["token"], topics.ToArray(), sink);
            foreach (object entry in (List<object>)expected["steps"]) Step(zmtp, sink, (Dictionary<string, object>)entry, name, piece);
        }

        private static void Step(Zmtp zmtp, Sink sink, Dictionary<string, object> step, string name, int piece)
        {
            string where = name + ": " + step["note"];
            if (step.ContainsKey("send"))
            {
                if (step.ContainsKey("ask"))
                {
                    var frames = (List<object>)step["ask"];
                    for (int i = 0; i < frames.Count; i++) zmtp.Send(Hex((string)frames[i]), i + 1 < frames.Count);
                }
                if (step.ContainsKey("ping")) zmtp.Ping((int)(double)step["ping"], Hex((string)step["context"]));
                byte[] wanted = Hex((string)step["send"]);
                Assert.GreaterOrEqual(zmtp.OutputCount, wanted.Length, where);
                for (int i = 0; i < wanted.Length; i++) Assert.AreEqual(wanted[i], zmtp.Output[i], where);
                zmtp.Written(wanted.Length);
                return;
            }
            Assert.AreEqual(0, zmtp.OutputCount, where + ": nothing else is to be sent");
            sink.Messages.Clear();
            byte[] bytes = Hex((string)step["receive"]);
            for (int at = 0; at < bytes.Length;) at += Feed(zmtp, bytes, at, piece);
            if (step.ContainsKey("ready")) Assert.IsTrue(zmtp.IsOpen, where);
            Assert.AreEqual(step.ContainsKey("error") ? step["error"] : null, zmtp.Error, where);
            if (!step.ContainsKey("messages")) return;
            var messages = (List<object>)step["messages"];
            Assert.AreEqual(messages.Count, sink.Messages.Count, where);
            for (int i = 0; i < messages.Count; i++)
            {
                var frames = (List<object>)messages[i];
                Assert.AreEqual(frames.Count, sink.Messages[i].Count, where);
                for (int k = 0; k < frames.Count; k++) Assert.AreEqual(Hex((string)frames[k]), sink.Messages[i][k], where);
            }
        }

        private static int Feed(Zmtp zmtp, byte[] bytes, int at, int piece)
        {
            ArraySegment<byte> room = zmtp.Room();
            int count = Math.Min(Math.Min(piece, bytes.Length - at), room.Count);
            Buffer.BlockCopy(bytes, at, room.Array, room.Offset, count);
            zmtp.Fed(count);
            return count;
        }

        internal static byte[] Hex(string text)
        {
            var bytes = new byte[text.Length / 2];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = Convert.ToByte(text.Substring(2 * i, 2), 16);
            return bytes;
        }
    }
}
