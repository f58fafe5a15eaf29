using System;
using System.Text;

namespace Sentio
{
    /// <summary>Reads published states; allocates nothing while the subject stays the same.</summary>
    internal sealed class AffectReader
    {
        // Entries of version 1.0, which the mask covers.
        private const int MaskEntries = 60;
        private const int EvidenceBytes = 3;
        private const int AgeUnknown = 0xffff;
        private const int ConfidenceMost = 254;
        private const uint FullWord = 0x7fffffff;

        private static readonly byte[] Kind = Encoding.ASCII.GetBytes("affect/");
        private byte[] _topic = new byte[0];
        private string _subject = "";

        /// <summary>Why the last message was refused: malformed or version; null if it was not.</summary>
        public string Code { get; private set; }

        /// <summary>The version of a message that was refused for it.</summary>
        public long OtherVersion { get; private set; }

        /// <summary>Whether a message holds an affect frame.</summary>
        public static bool IsAffect(byte[] bytes, int start, int count)
        {
            if (count <= Kind.Length) return false;
            for (int i = 0; i < Kind.Length; i++) if (bytes[start + i] != Kind[i]) return false;
            return true;
        }

        /// <summary>Reads an affect message into <paramref name="frame"/>. Returns false and sets <see cref="Code"/> if
        /// it is refused; the frame's content is then undefined.</summary>
        public bool Read(byte[] bytes, int start, int count, AffectFrame frame)
        {
            Code = "malformed";
            if (count >= Wire.MaxMessage || !IsAffect(bytes, start, count)) return false;
            int end = Array.IndexOf(bytes, (byte)0, start, count);
            if (end < start + Kind.Length || !SetTopic(bytes, start, end - start)) return false;
            var reader = new MsgpackReader(bytes, end + 1, start + count - end - 1);
            frame.Subject = _subject;
            if (Fill(ref reader, bytes, frame))
            {
                Code = null;
                return true;
            }
            return Slow(bytes, end + 1, start + count - end - 1, frame);
        }

        private bool SetTopic(byte[] bytes, int start, int count)
        {
            bool same = count == _topic.Length;
            for (int i = 0; same && i < count; i++) same = bytes[start + i] == _topic[i];
            if (same) return true;
            try
            {
                _subject = new UTF8Encoding(false, true).GetString(bytes, start + Kind.Length, count - Kind.Length);
            }
            catch (ArgumentException)
            {
                return false;
            }
            _topic = new byte[count];
            Buffer.BlockCopy(bytes, start, _topic, 0, count);
            return true;
        }

        // The keys in any order, as long as every value has the type that the sidecar writes.
        private static bool Fill(ref MsgpackReader reader, byte[] bytes, AffectFrame frame)
        {
            if (!reader.Has(1)) return false;
            int entries = reader.Byte() - 0x80;
            if (entries < 7 || entries > 10) return false;
            frame.Captured = double.NaN;
            var parts = new Parts { Words = -1, Block = -1 };
            int seen = 0;
            for (int i = 0; i < entries; i++)
            {
                if (!reader.Has(2) || reader.Byte() != 0xa1) return false;
                int bit = Entry(ref reader, bytes, frame, ref parts, reader.Byte());
                if (bit == 0 || (seen & bit) != 0) return false;
                seen |= bit;
            }
            return (seen & 0x7f) == 0x7f && reader.Left == 0 && AllFinite(frame) && Finish(bytes, ref parts, frame);
        }

        // Lengths and masks of a message; checked after all keys are read, because their order is free.
        private struct Parts
        {
            public ulong Mask;
            public int Entries;
            public int Words;
            public int BlockAt;
            public int Block;
        }

        // Which entries are known, their ages and confidences. Words are in the frame already; -1 is none.
        private static bool Finish(byte[] bytes, ref Parts parts, AffectFrame frame)
        {
            int known = Math.Min(parts.Entries, AffectNames.Count);
            if (parts.Words < 0)
            {
                known = Math.Min(known, MaskEntries);
                for (int k = 0; k < frame.Words.Length; k++)
                    frame.Words[k] = k < 2 ? (uint)(parts.Mask >> AffectFrame.WordBits * k) & FullWord : 0;
            }
            else if (parts.Words != (parts.Entries + AffectFrame.WordBits - 1) / AffectFrame.WordBits) return false;
            for (int k = 0; k < frame.Words.Length; k++)
            {
                int bits = Math.Max(0, Math.Min(known - AffectFrame.WordBits * k, AffectFrame.WordBits));
                frame.Words[k] &= (1u << bits) - 1;
            }
            frame.HasEvidence = parts.Block >= 0;
            frame.EvidenceLate = 0;
            if (!frame.HasEvidence) return true;
            if (parts.Block != EvidenceBytes * parts.Entries) return false;
            for (int i = 0; i < known; i++)
            {
                int at = parts.BlockAt + EvidenceBytes * i;
                int age = bytes[at] | bytes[at + 1] << 8;
                frame.Ages[i] = age == AgeUnknown ? float.NaN : (float)(age * 0.01);
                frame.Confidences[i] = bytes[at + 2] > ConfidenceMost ? float.NaN : (float)bytes[at + 2] / ConfidenceMost;
            }
            return true;
        }

        private static int Entry(ref MsgpackReader reader, byte[] bytes, AffectFrame frame, ref Parts parts, byte key)
        {
            long number;
            double time;
            switch (key)
            {
                case (byte)'v': return Integer(ref reader, out number) && number == Wire.Version ? 1 : 0;
                case (byte)'e':
                    if (!Integer(ref reader, out number)) return 0;
                    frame.Epoch = number;
                    return 2;
                case (byte)'n':
                    if (!Integer(ref reader, out number)) return 0;
                    frame.Seq = number;
                    return 4;
                case (byte)'p':
                    if (!Time(ref reader, out time)) return 0;
                    frame.Sent = time;
                    return 8;
                case (byte)'s':
                    if (!Integer(ref reader, out number) || number > (long)AffectState.Withdrawn) return 0;
                    frame.State = (AffectState)(int)number;
                    return 16;
                case (byte)'m':
                    if (!Integer(ref reader, out number)) return 0;
                    parts.Mask = (ulong)number;
                    return 32;
                case (byte)'x': return Vector(ref reader, bytes, frame, ref parts) ? 64 : 0;
                case (byte)'t':
                    if (!Time(ref reader, out time)) return 0;
                    frame.Captured = time;
                    return 128;
                case (byte)'w': return Words(ref reader, frame, ref parts) ? 256 : 0;
                case (byte)'a':
                    parts.Block = Binary(ref reader);
                    parts.BlockAt = reader.At - Math.Max(0, parts.Block);
                    return parts.Block >= 0 ? 512 : 0;
                default: return 0;
            }
        }

        private static bool Integer(ref MsgpackReader reader, out long value)
        {
            value = 0;
            if (!reader.Has(1)) return false;
            byte tag = reader.Byte();
            if (tag < 0x80)
            {
                value = tag;
                return true;
            }
            int width = tag == 0xcc ? 1 : tag == 0xcd ? 2 : tag == 0xce ? 4 : tag == 0xcf ? 8 : 0;
            if (width == 0 || !reader.Has(width)) return false;
            value = (long)reader.Unsigned(width);
            return value >= 0;
        }

        private static bool Time(ref MsgpackReader reader, out double value)
        {
            value = 0;
            if (!reader.Has(9) || reader.Byte() != 0xcb) return false;
            value = reader.Float64();
            return !double.IsNaN(value) && !double.IsInfinity(value);
        }

        private static bool Words(ref MsgpackReader reader, AffectFrame frame, ref Parts parts)
        {
            if (!reader.Has(1)) return false;
            parts.Words = reader.Byte() - 0x90;
            if (parts.Words < 0 || parts.Words > 15) return false;
            for (int k = 0; k < parts.Words; k++)
            {
                long word;
                if (!Integer(ref reader, out word) || word > FullWord) return false;
                if (k < frame.Words.Length) frame.Words[k] = (uint)word;
            }
            return true;
        }

        // Skips a binary; returns its length, or -1 if there is none.
        private static int Binary(ref MsgpackReader reader)
        {
            if (!reader.Has(2)) return -1;
            byte tag = reader.Byte();
            int width = tag == 0xc4 ? 1 : tag == 0xc5 ? 2 : 0;
            if (width == 0 || !reader.Has(width)) return -1;
            int length = (int)reader.Unsigned(width);
            if (!reader.Has(length)) return -1;
            reader.Skip(length);
            return length;
        }

        private static bool Vector(ref MsgpackReader reader, byte[] bytes, AffectFrame frame, ref Parts parts)
        {
            int length = Binary(ref reader);
            return length >= 0 && Values(bytes, reader.At - length, length, frame, ref parts);
        }

        // Entries of newer versions are ignored; entries that an older sender lacks are 0 and unknown.
        private static bool Values(byte[] bytes, int at, int length, AffectFrame frame, ref Parts parts)
        {
            if (length < 4 * MaskEntries || length % 4 != 0) return false;
            parts.Entries = length / 4;
            int count = Math.Min(parts.Entries, AffectNames.Count);
            if (BitConverter.IsLittleEndian) Buffer.BlockCopy(bytes, at, frame.Values, 0, 4 * count);
            else SwapBytes(bytes, at, frame.Values, count);
            Array.Clear(frame.Values, count, AffectNames.Count - count);
            return true;
        }

        private static void SwapBytes(byte[] bytes, int at, float[] values, int count)
        {
            var four = new byte[4];
            for (int i = 0; i < count; i++)
            {
                for (int k = 0; k < 4; k++) four[k] = bytes[at + 4 * i + 3 - k];
                values[i] = BitConverter.ToSingle(four, 0);
            }
        }

        // The mask may follow the vector, so this path takes finite values only; the general one looks at the mask.
        private static bool AllFinite(AffectFrame frame)
        {
            // A value minus itself is 0 unless it is not finite.
            float sum = 0;
            float[] values = frame.Values;
            for (int i = 0; i < values.Length; i++) sum += values[i] - values[i];
            return sum == 0;
        }

        private bool Slow(byte[] bytes, int start, int count, AffectFrame frame)
        {
            var reader = new MsgpackReader(bytes, start, count);
            System.Collections.Generic.Dictionary<string, object> map = reader.ReadMap();
            if (map == null || !(Get(map, "v") is long)) return false;
            if ((long)map["v"] != Wire.Version)
            {
                Code = "version";
                OtherVersion = (long)map["v"];
                return false;
            }
            if (!(Get(map, "e") is long) || !(Get(map, "n") is long) || !(Get(map, "s") is long) || !(Get(map, "m") is long)) return false;
            double sent, captured = double.NaN;
            if (!Number(Get(map, "p"), 0, out sent) || !Number(Get(map, "t"), double.NaN, out captured)) return false;
            var vector = Get(map, "x") as byte[];
            long state = (long)map["s"];
            var parts = new Parts { Mask = (ulong)(long)map["m"], Words = -1, Block = -1 };
            if (vector == null || !Values(vector, 0, vector.Length, frame, ref parts)) return false;
            if (state < 0 || state > (long)AffectState.Withdrawn) return false;
            if (!SlowWords(Get(map, "w"), frame, ref parts)) return false;
            object given = Get(map, "a");
            var block = given as byte[];
            if (given != null && block == null) return false;
            if (block != null) parts.Block = block.Length;
            if (!Finish(block, ref parts, frame)) return false;
            for (int i = 0; i < AffectNames.Count; i++)
            {
                float value = frame.Values[i];
                bool finite = !float.IsNaN(value) && !float.IsInfinity(value);
                if (frame.Has((AffectEntry)i) && !finite) return false;
                if (!finite) frame.Values[i] = 0;
            }
            frame.Stamp(_subject, (long)map["e"], (long)map["n"], sent, captured, (AffectState)(int)state);
            Code = null;
            return true;
        }

        private static bool SlowWords(object given, AffectFrame frame, ref Parts parts)
        {
            var words = given as object[];
            if (words == null) return given == null;
            parts.Words = words.Length;
            for (int k = 0; k < words.Length; k++)
            {
                if (!(words[k] is long) || (long)words[k] < 0 || (long)words[k] > FullWord) return false;
                if (k < frame.Words.Length) frame.Words[k] = (uint)(long)words[k];
            }
            return true;
        }

        private static object Get(System.Collections.Generic.Dictionary<string, object> map, string key)
        {
            object value;
            return map.TryGetValue(key, out value) ? value : null;
        }

        private static bool Number(object value, double missing, out double number)
        {
            number = missing;
            if (value == null) return true;
            if (value is double) number = (double)value;
            else if (value is long) number = (long)value;
            else return false;
            return true;
        }
    }
}
