using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Sentio.Tests
{
    /// <summary>Reads the JSON of the golden vectors: objects, arrays, texts, numbers, true, false and null.</summary>
    public sealed class Json
    {
        private readonly string _text;
        private int _at;

        private Json(string text) { _text = text; }

        /// <summary>Objects become dictionaries, arrays lists, numbers doubles.</summary>
        public static object Parse(string text)
        {
            var json = new Json(text);
            return json.Value();
        }

        private object Value()
        {
            Space();
            char c = _text[_at];
            if (c == '{') return Map();
            if (c == '[') return List();
            if (c == '"') return Text();
            foreach (string word in new[] { "true", "false", "null" })
            {
                if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) continue;
                _at += word.Length;
                return word == "null" ? null : (object)(word == "true");
            }
            int start = _at;
            while (_at < _text.Length && "+-.eE0123456789".IndexOf(_text[_at]) >= 0) _at++;
            return double.Parse(_text.Substring(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        private Dictionary<string, object> Map()
        {
            var map = new Dictionary<string, object>();
            _at++;
            for (Space(); _text[_at] != '}'; Comma())
            {
                string key = Text();
                Space();
                _at++;
                map[key] = Value();
            }
            _at++;
            return map;
        }

        private List<object> List()
        {
            var list = new List<object>();
            _at++;
            for (Space(); _text[_at] != ']'; Comma()) list.Add(Value());
            _at++;
            return list;
        }

        private void Comma()
        {
            Space();
            if (_text[_at] == ',') _at++;
            Space();
        }

        private string Text()
        {
            var built = new StringBuilder();
            for (_at++; _text[_at] != '"'; _at++)
            {
                if (_text[_at] != '\\')
                {
                    built.Append(_text[_at]);
                    continue;
                }
                char c = _text[++_at];
                if (c == 'u')
                {
                    built.Append((char)int.Parse(_text.Substring(_at + 1, 4), NumberStyles.HexNumber));
                    _at += 4;
                }
                else built.Append(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'b' ? '\b' : c == 'f' ? '\f' : c);
            }
            _at++;
            return built.ToString();
        }

        private void Space() { while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++; }
    }
}
