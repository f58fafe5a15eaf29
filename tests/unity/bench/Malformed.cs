// Malformed bytes: half of them as messages, half as streams.
using System;
using System.Collections.Generic;
using System.IO;

namespace Sentio.Bench
{
    public static class Malformed
    {
        private sealed class Sink : IZmtpSink
        {
            public StateMailbox StateMailbox;
            public Control Control;

            public void Part(byte[] bytes, int start, int count, bool more)
            {
                StateMailbox.Put(bytes, start, count, 0, double.NaN);
                Control.Part(bytes, start, count, more);
            }
        }

        private static readonly Random Chance = new Random(7);

        /// <summary>Damages golden messages and streams; prints what was refused and the memory used.</summary>
        public static int Run(int count)
        {
            List<byte[]> messages = Golden("messages", "*.bin"), streams = Streams();
            var sink = new Sink { StateMailbox = new StateMailbox("", double.PositiveInfinity), Control = new Control("", 2, () => 0) };
            var frame = new AffectFrame();
            int untrue = 0, refused = 0, most = 0, half = count / 2;
            Round(messages, streams, sink, frame, 200, ref untrue, ref refused, ref most);
            long before = GC.GetTotalMemory(true);
            double began = Program.Monotonic();
            Round(messages, streams, sink, frame, half, ref untrue, ref refused, ref most);
            double seconds = Program.Monotonic() - began;
            Program.Print("malformed", "messages", half, "streams", count - half, "refused", sink.StateMailbox.Counters.Malformed, "hung_up", refused,
                "not_finite", untrue, "most_output", most, "kept_bytes", GC.GetTotalMemory(true) - before, "peak_mb", Peak(), "seconds", seconds);
            return untrue == 0 && most < 65536 ? 0 : 1;
        }

        private static void Round(List<byte[]> messages, List<byte[]> streams, Sink sink, AffectFrame frame, int count, ref int untrue, ref int refused, ref int most)
        {
            for (int i = 0; i < count; i++)
            {
                byte[] bytes = Damaged(messages[i % messages.Count]);
                sink.Part(bytes, 0, bytes.Length, false);
                var zmtp = new Zmtp(i % 2 == 1, "", StateMailbox.Topics(""), sink);
                Feed(zmtp, Damaged(streams[i % streams.Count]));
                if (zmtp.Error != null) refused++;
                most = Math.Max(most, zmtp.OutputCount);
                Take(sink, frame, ref untrue);
            }
        }

        private static void Take(Sink sink, AffectFrame frame, ref int untrue)
        {
            sink.Control.Drain();
            sink.StateMailbox.TakeDetail();
            while (sink.StateMailbox.TakeEvent() != null) { }
            if (!sink.StateMailbox.TakeState(frame)) return;
            for (int i = 0; i < AffectNames.Count; i++)
            {
                float value = frame.Value((AffectEntry)i, 0);
                if (float.IsNaN(value) || float.IsInfinity(value)) untrue++;
            }
        }

        private static void Feed(Zmtp zmtp, byte[] bytes)
        {
            for (int at = 0; at < bytes.Length && zmtp.Error == null;)
            {
                ArraySegment<byte> room = zmtp.Room();
                int size = Math.Min(Math.Min(room.Count, bytes.Length - at), 1 + Chance.Next(400));
                Buffer.BlockCopy(bytes, at, room.Array, room.Offset, size);
                zmtp.Fed(size);
                at += size;
            }
        }

        private static byte[] Damaged(byte[] good)
        {
            if (Chance.Next(20) == 0)
            {
                var noise = new byte[Chance.Next(3000)];
                Chance.NextBytes(noise);
                return noise;
            }
            var bytes = new byte[Math.Max(0, good.Length - (Chance.Next(3) == 0 ? Chance.Next(good.Length + 1) : 0))];
            Buffer.BlockCopy(good, 0, bytes, 0, bytes.Length);
            for (int hits = Chance.Next(8); hits > 0 && bytes.Length > 0; hits--) bytes[Chance.Next(bytes.Length)] = (byte)Chance.Next(256);
            return bytes;
        }

        private static List<byte[]> Golden(string folder, string pattern)
        {
            var found = new List<byte[]>();
            foreach (string path in Directory.GetFiles(Path.Combine(Environment.GetEnvironmentVariable("SENTIO_VECTORS"), folder), pattern))
                found.Add(File.ReadAllBytes(path));
            return found;
        }

        // A handshake and then every golden message as a frame, which is what a peer would send.
        private static List<byte[]> Streams()
        {
            var found = new List<byte[]>();
            foreach (string socket in new[] { "XPUB", "ROUTER" })
                foreach (byte[] message in Golden("messages", "*.bin"))
                {
                    var stream = new MemoryStream();
                    stream.Write(new byte[] { 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, (byte)'N', (byte)'U', (byte)'L', (byte)'L' }, 0, 16);
                    stream.Write(new byte[48], 0, 48);
                    byte[] ready = System.Text.Encoding.ASCII.GetBytes("\u0005READY\u000bSocket-Type\0\0\0" + (char)socket.Length + socket);
                    Frame(stream, 4, ready);
                    for (int i = 0; i < 3; i++) Frame(stream, 0, message);
                    found.Add(stream.ToArray());
                }
            return found;
        }

        private static void Frame(Stream stream, int flags, byte[] body)
        {
            bool wide = body.Length > 255;
            stream.WriteByte((byte)(flags | (wide ? 2 : 0)));
            for (int shift = wide ? 56 : 0; shift >= 0; shift -= 8) stream.WriteByte((byte)((ulong)body.Length >> shift));
            stream.Write(body, 0, body.Length);
        }

        private static double Peak()
        {
            foreach (string line in File.ReadAllLines("/proc/self/status"))
                if (line.StartsWith("VmHWM:")) return double.Parse(line.Substring(6).Replace("kB", "").Trim()) / 1024;
            return double.NaN;
        }
    }
}
