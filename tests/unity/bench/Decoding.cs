// Cost of a message, from the bytes to the game's frame.
using System;
using System.Diagnostics;

namespace Sentio.Bench
{
    public static class Decoding
    {
        /// <summary>Passes states through a mailbox and takes each.</summary>
        public static int Run(int count)
        {
            return Run("decode", "affect_full", count) | Run("decode_evidence", "affect_everything", count);
        }

        private static int Run(string figure, string vector, int count)
        {
            var mailbox = new StateMailbox("", double.PositiveInfinity);
            var frame = new AffectFrame();
            byte[] bytes = Program.Vector("messages/" + vector + ".bin");
            int at = Sequence(ref bytes);
            for (int i = 0; i < 20000; i++) Pass(mailbox, frame, bytes, at, i);
            GC.Collect();
            int collections = GC.CollectionCount(0);
            var watch = new Stopwatch();
            int taken = 0;
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            watch.Start();
            for (int i = 0; i < count; i++) if (Pass(mailbox, frame, bytes, at, 20000 + i)) taken++;
            watch.Stop();
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            collections = GC.CollectionCount(0) - collections;
            Program.Print(figure, "messages", taken, "bytes", bytes.Length, "rate", count / watch.Elapsed.TotalSeconds,
                "allocated", allocated, "collections", collections, "microseconds", 1e6 * watch.Elapsed.TotalSeconds / count);
            return taken == count && allocated == 0 && collections == 0 ? 0 : 1;
        }

        private static bool Pass(StateMailbox mailbox, AffectFrame frame, byte[] bytes, int at, int number)
        {
            for (int i = 0; i < 4; i++) bytes[at + i] = (byte)(number >> 8 * (3 - i));
            mailbox.Put(bytes, 0, bytes.Length, 0, 0);
            return mailbox.TakeState(frame) && frame.Seq == number;
        }

        // Widens the number after the key n to 32 bits, and returns its position.
        private static int Sequence(ref byte[] bytes)
        {
            int at = Array.IndexOf(bytes, (byte)'n', Array.IndexOf(bytes, (byte)0));
            if (bytes[at - 1] != 0xa1 || bytes[at + 1] >= 0x80) throw new FormatException("got no small number behind n");
            var wide = new byte[bytes.Length + 4];
            Buffer.BlockCopy(bytes, 0, wide, 0, at + 1);
            wide[at + 1] = 0xce;
            Buffer.BlockCopy(bytes, at + 2, wide, at + 6, bytes.Length - at - 2);
            bytes = wide;
            return at + 2;
        }
    }
}
