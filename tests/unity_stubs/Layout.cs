// Lays out immediate-mode controls in two passes, as Unity does, with rough sizes of texts: for tests of screens.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    /// <summary>Draws a screen and keeps where each control is; nothing is kept outside of <see cref="Show"/>.</summary>
    public static class Sheet
    {
        /// <summary>Something that was drawn: pixels of the screen, and the part of them that can be seen.</summary>
        public struct Item
        {
            public string Kind, Text;
            public int Size;
            public float Scale;
            public Rect Place, Clip;
            public Color Tone;
            /// <summary>Height that the text or the content of a list needs in this width.</summary>
            public float Needs;
            /// <summary>Whether it is in a list that scrolls.</summary>
            public bool Scrolls;
            /// <summary>How far a list is scrolled; its controls are at their places before that.</summary>
            public float Scrolled;
        }

        private sealed class Node
        {
            public string Kind = "", Text = "";
            public int Size = 13;
            public float FixedWidth = -1, FixedHeight = -1;
            public float Least, Most, High;
            public Rect Place;
            public readonly List<Node> Inside = new List<Node>();
        }

        private const float Gap = 4f, Letter = 0.5f, Line = 1.2f;
        private static readonly List<Node> Nodes = new List<Node>();
        private static readonly Stack<Node> Open = new Stack<Node>();
        private static readonly Stack<Node> Groups = new Stack<Node>();
        private static readonly Stack<Rect> Clips = new Stack<Rect>();
        private static List<Item> _items;
        private static bool _first;
        private static int _next, _lists;
        private static readonly Stack<Rect> Content = new Stack<Rect>();
        private static Rect _last;

        /// <summary>Where the last control or group is, in what it scrolls in.</summary>
        internal static Rect LastPlace { get { return _last; } }

        /// <summary>Whether a screen is being laid out or drawn.</summary>
        public static bool Active { get { return _items != null; } }

        /// <summary>Draws once; returns all controls, in order.</summary>
        public static List<Item> Show(Action draw)
        {
            Event before = Event.current;
            _items = new List<Item>();
            Nodes.Clear();
            try
            {
                foreach (bool first in new[] { true, false })
                {
                    _first = first;
                    _next = _lists = 0;
                    Content.Clear();
                    Groups.Clear();
                    GUI.enabled = true;
                    Clips.Clear();
                    Clips.Push(new Rect(0, 0, Screen.width, Screen.height));
                    Event.current = new Event { type = first ? EventType.Layout : EventType.Repaint };
                    draw();
                }
                return _items;
            }
            finally
            {
                _items = null;
                Open.Clear();
                Event.current = before;
            }
        }

        /// <summary>A control of the layout; where it is, in the second pass.</summary>
        internal static Rect Take(string kind, string text, GUIStyle style, float width = -1, float height = -1)
        {
            if (!Active) return new Rect(0, 0, Mathf.Max(width, 0), Mathf.Max(height, 0));
            if (!_first)
            {
                Rect place = Nodes[_next++].Place;
                _last = Within(place);
                if (kind.Length > 0 && text != null) Put(kind, place, text, style);
                return _last;
            }
            var made = new Node { Kind = kind, Text = text ?? "", Size = SizeOf(style), FixedWidth = width, FixedHeight = height };
            Nodes.Add(made);
            if (Open.Count > 0) Open.Peek().Inside.Add(made);
            return new Rect(0, 0, 1, 1);
        }

        internal static float HeightOf(string text, GUIStyle style, float width)
        {
            return Lines(text, SizeOf(style), width) * Line * SizeOf(style) + 6;
        }

        internal static void Begin(string kind, Rect place, float scrolled = 0)
        {
            if (!Active) return;
            if (_first)
            {
                var made = new Node { Kind = kind, Place = place };
                Nodes.Add(made);
                if (Open.Count > 0) Open.Peek().Inside.Add(made);
                Open.Push(made);
                return;
            }
            Node node = Nodes[_next++];
            Groups.Push(node);
            if (kind == "scroll") Content.Push(node.Place);
            if (kind != "area" && kind != "scroll") return;
            _items.Add(new Item { Kind = kind, Text = "", Place = Scaled(node.Place), Clip = Clips.Peek(), Needs = node.High * Factor, Scrolled = scrolled * Factor });
            Clips.Push(Cut(Clips.Peek(), Scaled(node.Place)));
            if (kind == "scroll") _lists++;
        }

        internal static void End(string kind)
        {
            if (!Active) return;
            if (!_first)
            {
                if (kind == "scroll") Content.Pop();
                _last = Within(Groups.Pop().Place);
                if (kind == "area" || kind == "scroll") Clips.Pop();
                if (kind == "scroll") _lists--;
                return;
            }
            Node done = Open.Pop();
            if (kind == "area") Stack(done, done.Place);
        }

        /// <summary>Something at a place that its caller has chosen.</summary>
        internal static void Draw(string kind, Rect place, string text, GUIStyle style)
        {
            Vector2 start = Content.Count > 0 ? new Vector2(Content.Peek().x, Content.Peek().y) : Vector2.zero;
            if (Active && !_first) Put(kind, new Rect(place.x + start.x, place.y + start.y, place.width, place.height), text, style);
        }

        private static void Put(string kind, Rect place, string text, GUIStyle style)
        {
            int size = SizeOf(style);
            bool wraps = style == null || style.wordWrap || kind == "label";
            float needs = kind == "fill" ? 0 : Lines(text, size, wraps ? place.width - Side(kind) : 1e9f) * Line * size;
            _items.Add(new Item { Kind = kind, Text = text, Size = size, Place = Scaled(place), Clip = Clips.Peek(), Tone = GUI.color, Scale = Factor, Needs = needs * Factor, Scrolls = _lists > 0 });
        }

        private static Rect Within(Rect place)
        {
            return Content.Count > 0 ? new Rect(place.x - Content.Peek().x, place.y - Content.Peek().y, place.width, place.height) : place;
        }

        private static float Factor { get { return GUI.matrix.Factor > 0 ? GUI.matrix.Factor : 1; } }

        private static Rect Scaled(Rect r) { return new Rect(r.x * Factor, r.y * Factor, r.width * Factor, r.height * Factor); }

        private static Rect Cut(Rect a, Rect b)
        {
            float left = Mathf.Max(a.x, b.x), top = Mathf.Max(a.y, b.y);
            return new Rect(left, top, Mathf.Max(Mathf.Min(a.xMax, b.xMax) - left, 0), Mathf.Max(Mathf.Min(a.yMax, b.yMax) - top, 0));
        }

        private static int SizeOf(GUIStyle style) { return style == null || style.fontSize == 0 ? 13 : style.fontSize; }

        private static float Side(string kind) { return kind == "button" ? 12 : kind == "toggle" ? 17 : 0; }

        private static int Lines(string text, int size, float width)
        {
            int lines = 0;
            foreach (string part in text.Split('\n'))
            {
                float used = 0;
                lines++;
                foreach (string word in part.Split(' '))
                {
                    float wide = Letter * size * (word.Length + 1);
                    if (used > 0 && used + wide > width + Letter * size)
                    {
                        lines++;
                        used = 0;
                    }
                    used += wide;
                }
            }
            return lines;
        }

        private static void Measure(Node node)
        {
            float word = 0, line = 0;
            foreach (string part in node.Text.Split('\n')) line = Mathf.Max(line, Letter * node.Size * part.Length);
            foreach (string part in node.Text.Split(' ', '\n')) word = Mathf.Max(word, Letter * node.Size * part.Length);
            node.Least = node.FixedWidth >= 0 ? node.FixedWidth : word + Side(node.Kind);
            node.Most = node.FixedWidth >= 0 ? node.FixedWidth : line + Side(node.Kind);
            if (node.Kind == "space") node.Least = node.Most = 0;
        }

        private static float Height(Node node, float width)
        {
            if (node.Kind == "row") return Row(node, new Rect(0, 0, width, 0));
            if (node.Kind == "space" || node.Kind == "flexible") return Mathf.Max(node.FixedHeight, 0);
            if (node.FixedHeight >= 0) return node.FixedHeight;
            return Lines(node.Text, node.Size, width - Side(node.Kind)) * Line * node.Size + 6;
        }

        // From top to bottom; scroll views and flexible spaces share what is left.
        private static void Stack(Node group, Rect place)
        {
            float sum = 0;
            int flexible = 0;
            foreach (Node node in group.Inside)
            {
                if (node.Kind == "scroll")
                {
                    float inside = 0;
                    foreach (Node one in node.Inside) inside += Height(one, place.width - 15) + Gap;
                    node.High = inside;
                    sum += Mathf.Min(inside, 32) + Gap;
                    flexible++;
                }
                else
                {
                    sum += Height(node, place.width) + Gap;
                    if (node.Kind == "flexible") flexible++;
                }
            }
            float left = Mathf.Max(place.height - sum, 0), y = place.y;
            foreach (Node node in group.Inside)
            {
                float high = node.Kind == "scroll" ? Mathf.Min(node.High, 32) + left / flexible : Height(node, place.width);
                if (node.Kind == "flexible") high += left / flexible;
                node.Place = new Rect(place.x, y, place.width, high);
                if (node.Kind == "row") Row(node, node.Place);
                if (node.Kind == "scroll") Stack(node, new Rect(place.x, y, place.width - (node.High > high ? 15 : 0), node.High));
                if (node.Kind == "scroll") node.Place = new Rect(place.x, y, place.width, high);
                y += high + Gap;
            }
        }

        // From left to right, each between its longest word and its whole text; flexible spaces take the rest.
        private static float Row(Node group, Rect place)
        {
            float least = 0, most = 0, highest = 0;
            int flexible = 0;
            foreach (Node node in group.Inside)
            {
                Measure(node);
                if (node.Kind == "flexible") flexible++;
                else
                {
                    least += node.Least + Gap;
                    most += node.Most + Gap;
                }
            }
            float room = place.width, share = most <= least ? 1 : Mathf.Clamp01((room - least) / (most - least));
            float left = Mathf.Max(room - most, 0), x = place.x;
            foreach (Node node in group.Inside)
            {
                float wide = node.Kind == "flexible" ? left / flexible : node.Least + share * (node.Most - node.Least);
                if (flexible == 0) wide += left / group.Inside.Count;
                float high = node.Kind == "flexible" ? 0 : Height(node, wide + 0.5f);
                node.Place = new Rect(x, place.y, wide, high);
                highest = Mathf.Max(highest, high);
                x += wide + (node.Kind == "flexible" ? 0 : Gap);
            }
            return highest;
        }
    }
}
