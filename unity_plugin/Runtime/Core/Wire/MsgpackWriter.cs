using System;
using System.Collections;
using System.Collections.Generic;
using System.Text;

namespace Sentio
{
    /// <summary>Writes requests as msgpack, within the limits of PROTOCOL.md, section 2.</summary>
    internal sealed class MsgpackWriter
    {
        /// <summary>Largest request in bytes.</summary>
        public const int MaxRequest = 65536;

        private byte[] _bytes = new byte[256];
        private int _count;

        /// <summary>Writes a map of texts to values.</summary>
        /// <exception cref="ArgumentException">A value has a type or size that the protocol does not allow; the message
        /// names it.</exception>
        public byte[] WriteMap(IDictionary<string, object> map)
        {
            _count = 0;
            Value(map, "request", 0);
            if (_count > MaxRequest) throw new ArgumentException("got a request of " + _count + " bytes, at most " + MaxRequest);
            var done = new byte[_count];
            Buffer.BlockCopy(_bytes, 0, done, 0, _count);
            return done;
        }

        private void Value(object value, string where, int depth)
        {
            if (value == null) Put(0xc0);
            else if (value is bool) Put((bool)value ? (byte)0xc3 : (byte)0xc2);
            else if (value is string) Text((string)value, where, MsgpackReader.MaxText);
            else if (value is float || value is double) Number(Convert.ToDouble(value), where);
            else if (value is int || value is long || value is short || value is byte || value is uint) Integer(Convert.ToInt64(value));
            else if (value is IDictionary<string, object>) Map((IDictionary<string, object>)value, where, depth);
            else if (value is IEnumerable) List((IEnumerable)value, where, depth);
            else throw new ArgumentException(where + ": " + value.GetType().Name + " cannot be sent");
        }

        private void Map(IDictionary<string, object> map, string where, int depth)
        {
            Head(map.Count, 0x80, 0xde, where, depth);
            foreach (KeyValuePair<string, object> entry in map)
            {
                Text(entry.Key, where, MsgpackReader.MaxKey);
                Value(entry.Value, where + "." + entry.Key, depth + 1);
            }
        }

        private void List(IEnumerable list, string where, int depth)
        {
            int count = 0;
            foreach (object unused in list) count++;
            Head(count, 0x90, 0xdc, where, depth);
            foreach (object item in list) Value(item, where, depth + 1);
        }

        private void Head(int count, byte small, byte large, string where, int depth)
        {
            if (depth >= MsgpackReader.MaxDepth) throw new ArgumentException(where + ": nested deeper than " + MsgpackReader.MaxDepth);
            if (count > MsgpackReader.MaxEntries) throw new ArgumentException(where + ": " + count + " entries, at most " + MsgpackReader.MaxEntries);
            if (count < 16) Put((byte)(small | count));
            else
            {
                Put(large);
                Big((ulong)count, 2);
            }
        }

        private void Text(string text, string where, int most)
        {
            if (text.Length > most) throw new ArgumentException(where + ": text of " + text.Length + " characters, at most " + most);
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length < 32) Put((byte)(0xa0 | bytes.Length));
            else if (bytes.Length < 256)
            {
                Put(0xd9);
                Put((byte)bytes.Length);
            }
            else
            {
                Put(0xda);
                Big((ulong)bytes.Length, 2);
            }
            foreach (byte b in bytes) Put(b);
        }

        private void Number(double value, string where)
        {
            if (double.IsNaN(value) || double.IsInfinity(value)) throw new ArgumentException(where + ": " + value + " is not finite");
            Put(0xcb);
            Big((ulong)BitConverter.DoubleToInt64Bits(value), 8);
        }

        private void Integer(long value)
        {
            if (value >= 0 && value < 128) Put((byte)value);
            else if (value < 0 && value >= -32) Put((byte)(sbyte)value);
            else
            {
                Put(0xd3);
                Big((ulong)value, 8);
            }
        }

        private void Big(ulong value, int width)
        {
            for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) Put((byte)(value >> shift));
        }

        private void Put(byte value)
        {
            if (_count == _bytes.Length) Array.Resize(ref _bytes, 2 * _count);
            _bytes[_count++] = value;
        }
    }
}
