using System;
using System.Collections.Generic;
using System.Text;

namespace Sentio
{
    /// <summary>Reads msgpack from untrusted bytes.</summary>
    /// <remarks>Lengths are checked against the limits of PROTOCOL.md, section 2, and the available bytes before
    /// anything is allocated. Extension types, NaN and infinity are refused. Maps become
    /// <c>Dictionary&lt;string, object&gt;</c>, arrays <c>object[]</c>, integers <c>long</c>, other numbers
    /// <c>double</c>, binaries <c>byte[]</c>.</remarks>
    internal struct MsgpackReader
    {
        /// <summary>Deepest nesting of maps and arrays.</summary>
        public const int MaxDepth = 8;

        /// <summary>Most entries of a map or an array.</summary>
        public const int MaxEntries = 512;

        /// <summary>Longest text in characters.</summary>
        public const int MaxText = 8192;

        /// <summary>Longest key in characters.</summary>
        public const int MaxKey = 256;

        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

        private readonly byte[] _bytes;
        private readonly int _end;

        /// <summary>Position of the next byte.</summary>
        public int At { get; private set; }

        /// <summary>Remaining bytes.</summary>
        public int Left { get { return _end - At; } }

        /// <summary>Why the bytes were refused; null if they were not.</summary>
        public string Error { get; private set; }

        /// <summary>Over <paramref name="count"/> bytes from <paramref name="start"/>.</summary>
        public MsgpackReader(byte[] bytes, int start, int count)
        {
            _bytes = bytes;
            At = start;
            _end = start + count;
            Error = null;
        }

        /// <summary>Reads the map that fills the bytes. Returns null and sets <see cref="Error"/> if there is
        /// none.</summary>
        public Dictionary<string, object> ReadMap()
        {
            var map = Value(0) as Dictionary<string, object>;
            if (Error == null && map == null) Fail("expected a map");
            if (Error == null && At < _end) Fail("bytes after the map");
            return Error == null ? map : null;
        }

        /// <summary>Whether <paramref name="count"/> bytes remain; refuses the bytes otherwise.</summary>
        public bool Has(int count)
        {
            if (Error == null && _end - At >= count) return true;
            Fail("truncated");
            return false;
        }

        /// <summary>The next byte; check <see cref="Has"/> first.</summary>
        public byte Byte() { return _bytes[At++]; }

        /// <summary>Skips bytes; check <see cref="Has"/> first.</summary>
        public void Skip(int count) { At += count; }

        /// <summary>An unsigned integer of <paramref name="width"/> bytes; check <see cref="Has"/> first.</summary>
        public ulong Unsigned(int width)
        {
            ulong value = 0;
            for (int i = 0; i < width; i++) value = value << 8 | _bytes[At++];
            return value;
        }

        /// <summary>A 64-bit float; check <see cref="Has"/> first.</summary>
        public double Float64() { return BitConverter.Int64BitsToDouble((long)Unsigned(8)); }

        /// <summary>Refuses the bytes.</summary>
        public object Fail(string why)
        {
            if (Error == null) Error = why;
            return null;
        }

        private object Value(int depth)
        {
            if (!Has(1)) return null;
            byte tag = Byte();
            if (tag < 0x80) return (long)tag;
            if (tag >= 0xe0) return (long)(sbyte)tag;
            if (tag < 0x90) return Map(tag & 0x0f, depth);
            if (tag < 0xa0) return Array(tag & 0x0f, depth);
            if (tag < 0xc0) return Text(tag & 0x1f, MaxText);
            switch (tag)
            {
                case 0xc0: return null;
                case 0xc2: return false;
                case 0xc3: return true;
                case 0xc4: return Sized(1, 0, depth);
                case 0xc5: return Sized(2, 0, depth);
                case 0xc6: return Sized(4, 0, depth);
                case 0xca: return Single();
                case 0xcb: return Has(8) ? Finite(Float64()) : null;
                case 0xcc: return Integer(1, false);
                case 0xcd: return Integer(2, false);
                case 0xce: return Integer(4, false);
                case 0xcf: return Integer(8, false);
                case 0xd0: return Integer(1, true);
                case 0xd1: return Integer(2, true);
                case 0xd2: return Integer(4, true);
                case 0xd3: return Integer(8, true);
                case 0xd9: return Sized(1, 1, depth);
                case 0xda: return Sized(2, 1, depth);
                case 0xdb: return Sized(4, 1, depth);
                case 0xdc: return Sized(2, 2, depth);
                case 0xdd: return Sized(4, 2, depth);
                case 0xde: return Sized(2, 3, depth);
                case 0xdf: return Sized(4, 3, depth);
                default: return Fail("the tag 0x" + tag.ToString("x2"));
            }
        }

        private object Sized(int width, int kind, int depth)
        {
            if (!Has(width)) return null;
            ulong length = Unsigned(width);
            if (length > int.MaxValue) return Fail("too long");
            switch (kind)
            {
                case 0: return Binary((int)length);
                case 1: return Text((int)length, MaxText);
                case 2: return Array((int)length, depth);
                default: return Map((int)length, depth);
            }
        }

        private object Integer(int width, bool signed)
        {
            if (!Has(width)) return null;
            ulong raw = Unsigned(width);
            if (!signed) return raw > long.MaxValue ? Fail("a number beyond 63 bits") : (long)raw;
            int shift = 64 - 8 * width;
            return (long)(raw << shift) >> shift;
        }

        private object Single()
        {
            if (!Has(4)) return null;
            int bits = (int)(uint)Unsigned(4);
            return Finite(SingleOf(bits));
        }

        private static double SingleOf(int bits)
        {
            int exponent = bits >> 23 & 0xff;
            double fraction = bits & 0x7fffff;
            double size = exponent == 0xff ? (fraction == 0 ? double.PositiveInfinity : double.NaN)
                : exponent == 0 ? fraction * Math.Pow(2, -149)
                : (1 + fraction / 0x800000) * Math.Pow(2, exponent - 127);
            return bits < 0 ? -size : size;
        }

        private object Finite(double value)
        {
            return double.IsNaN(value) || double.IsInfinity(value) ? Fail("a number that is not finite") : value;
        }

        private object Binary(int length)
        {
            if (!Has(length)) return null;
            var bytes = new byte[length];
            Buffer.BlockCopy(_bytes, At, bytes, 0, length);
            At += length;
            return bytes;
        }

        private object Text(int length, int most)
        {
            if (length > 4 * most) return Fail("text of over " + most + " characters");
            if (!Has(length)) return null;
            try
            {
                string text = Strict.GetString(_bytes, At, length);
                At += length;
                return text.Length > 2 * most || Characters(text) > most ? Fail("text of over " + most + " characters") : text;
            }
            catch (ArgumentException)
            {
                return Fail("text that is not UTF-8");
            }
        }

        private static int Characters(string text)
        {
            int count = text.Length;
            for (int i = 0; i < text.Length; i++) if (char.IsHighSurrogate(text[i])) count--;
            return count;
        }

        private object Array(int count, int depth)
        {
            if (!Fits(count, count, depth)) return null;
            var items = new object[count];
            for (int i = 0; i < count && Error == null; i++) items[i] = Value(depth + 1);
            return items;
        }

        private object Map(int count, int depth)
        {
            if (!Fits(count, 2 * count, depth)) return null;
            var map = new Dictionary<string, object>(count);
            for (int i = 0; i < count && Error == null; i++)
            {
                string key = Key();
                if (key == null) return null;
                map[key] = Value(depth + 1);
            }
            return map;
        }

        private string Key()
        {
            if (!Has(1)) return null;
            byte tag = Byte();
            int length = tag >= 0xa0 && tag < 0xc0 ? tag & 0x1f : -1;
            int width = tag == 0xd9 ? 1 : tag == 0xda ? 2 : tag == 0xdb ? 4 : 0;
            if (length < 0 && width == 0) return (string)Fail("a key that is not a text");
            if (length >= 0) return Text(length, MaxKey) as string;
            if (!Has(width)) return null;
            ulong long_ = Unsigned(width);
            return long_ > 4 * MaxKey ? (string)Fail("a key of over " + MaxKey + " characters") : Text((int)long_, MaxKey) as string;
        }

        private bool Fits(int count, int bytes, int depth)
        {
            if (depth >= MaxDepth) Fail("nested deeper than " + MaxDepth);
            else if (count > MaxEntries) Fail("over " + MaxEntries + " entries");
            else if (Has(bytes)) return true;
            return false;
        }
    }
}
