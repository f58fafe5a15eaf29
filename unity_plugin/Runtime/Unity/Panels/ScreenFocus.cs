using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>The control of a screen that keyboard and gamepad press; immediate mode has no such thing.</summary>
    /// <remarks>Controls have names, so that the focus stays where it is while others appear or go.</remarks>
    internal sealed class ScreenFocus
    {
        private struct Place
        {
            public string Name;
            public Rect At;
            public bool Listed, Enabled;
        }

        private const float SameRow = 2f;

        private readonly List<Place> _drawing = new List<Place>();
        private readonly List<Place> _drawn = new List<Place>();
        private bool _submits;

        /// <summary>Whether this screen has the focus: only one has.</summary>
        internal bool Held { get; set; }

        /// <summary>Name of the control that has it.</summary>
        internal string Name { get; private set; } = "";

        /// <summary>Whether a move changed it since the list was scrolled to it.</summary>
        internal bool Moved { get; set; }

        /// <summary>Whether the last move left the list.</summary>
        internal bool LeftList { get; private set; }

        /// <summary>Whether its control is the first of those in a list: the text above it is shown too.</summary>
        internal bool IsFirstListed { get { return _drawing.Find(one => one.Listed).Name == Name; } }

        /// <summary>Begins at the control of this name, which changes nothing by itself.</summary>
        internal void Begin(string name)
        {
            Name = name;
            Moved = _submits = false;
        }

        /// <summary>Moves it, or presses its control in the next frame that is drawn.</summary>
        internal void Move(SentioMove move)
        {
            int at = _drawn.FindIndex(one => one.Name == Name);
            if (move == SentioMove.None || _drawn.Count == 0) return;
            if (at < 0) Go(0);
            else if (move == SentioMove.Submit) _submits = true;
            else if (move == SentioMove.Left || move == SentioMove.Right) Beside(at, move == SentioMove.Right ? 1 : -1);
            else Beyond(at, move == SentioMove.Down ? 1 : -1);
        }

        /// <summary>Begins a pass of drawing.</summary>
        internal void BeginDraw() { _drawing.Clear(); }

        /// <summary>Takes a control that was drawn just now; whether it is pressed.</summary>
        internal bool Take(string name, bool listed)
        {
            if (Event.current.type != EventType.Repaint) return false;
            Rect at = GUILayoutUtility.GetLastRect();
            _drawing.Add(new Place { Name = name, At = at, Listed = listed, Enabled = GUI.enabled });
            if (!Held || name != Name) return false;
            Frame(at);
            bool pressed = _submits && GUI.enabled;
            _submits = false;
            return pressed;
        }

        /// <summary>Where its control is, if it is in a list.</summary>
        internal bool TryListed(out Rect at)
        {
            Place found = _drawing.Find(one => one.Name == Name);
            at = found.At;
            return found.Listed;
        }

        /// <summary>Ends a pass of drawing.</summary>
        internal void EndDraw()
        {
            if (Event.current.type != EventType.Repaint) return;
            _drawn.Clear();
            _drawn.AddRange(_drawing);
            _submits = false;
        }

        private void Beside(int at, int step)
        {
            for (int i = at + step; i >= 0 && i < _drawn.Count && IsBeside(_drawn[i], _drawn[at]); i += step)
                if (_drawn[i].Enabled)
                {
                    Go(i);
                    return;
                }
        }

        // To the nearest control of the next row that has one.
        private void Beyond(int at, int step)
        {
            int best = -1;
            for (int i = at + step; i >= 0 && i < _drawn.Count; i += step)
            {
                if (!_drawn[i].Enabled || IsBeside(_drawn[i], _drawn[at])) continue;
                if (best >= 0 && !IsBeside(_drawn[i], _drawn[best])) break;
                if (best < 0 || Distance(i, at) < Distance(best, at)) best = i;
            }
            if (best >= 0) Go(best);
        }

        private float Distance(int one, int other) { return Mathf.Abs(_drawn[one].At.x - _drawn[other].At.x); }

        private void Go(int index)
        {
            Place before = _drawn.Find(one => one.Name == Name);
            LeftList = before.Listed && !_drawn[index].Listed;
            Name = _drawn[index].Name;
            Moved = true;
        }

        private static bool IsBeside(Place a, Place b) { return a.Listed == b.Listed && Mathf.Abs(a.At.y - b.At.y) < SameRow; }

        private static void Frame(Rect at)
        {
            const float Line = 2f;
            Gui.Fill(new Rect(at.x, at.y, at.width, Line), Palette.Teal);
            Gui.Fill(new Rect(at.x, at.yMax - Line, at.width, Line), Palette.Teal);
            Gui.Fill(new Rect(at.x, at.y, Line, at.height), Palette.Teal);
            Gui.Fill(new Rect(at.xMax - Line, at.y, Line, at.height), Palette.Teal);
        }
    }
}
